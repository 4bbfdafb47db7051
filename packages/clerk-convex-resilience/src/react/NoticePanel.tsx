'use client';
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Notice, NoticeAction } from '../core/noticeOf.ts';
import type { AuthMessages } from '../locales/messages.ts';
import type { AuthErrorHandlerProps, AuthNoticeButtonProps, AuthNoticePart } from './AuthErrorHandler.tsx';
import { Development } from './Development.tsx';

/** Everything that is to be seen of a notice, in the user's language, and what its buttons do. */
export interface AuthNoticeState {
  readonly notice: Notice;
  readonly title: string;
  /** A sentence below the title, or nothing. */
  readonly detail: string;
  /** When it is tried again, or nothing. Changes every second: not for a live region. */
  readonly next: string;
  readonly reference: string;
  readonly development: boolean;
  readonly messages: AuthMessages;
  /** One of the actions is under way. */
  readonly isBusy: boolean;
  /** That is `retry`, which may take a minute: the others need not wait for it. */
  readonly isRetrying: boolean;
  readonly retry: () => void;
  readonly signOut: () => void;
  readonly signIn: () => void;
  /** Forgets what this browser keeps, and loads the page anew: say what it does before (`messages.reset_warning`). */
  readonly reset: () => void;
  readonly dismiss: () => void;
}

interface NoticePanelProps extends AuthErrorHandlerProps {
  readonly state: AuthNoticeState | null;
  /** The children are gone: it stands in their place. */
  readonly isInPlace: boolean;
}

const statusPage = 'https://status.clerk.com';
const withReference: readonly (Notice['kind'] | undefined)[] = [
  'misconfigured',
  'unconfigured',
  'clerk_not_loaded',
  'account_blocked',
];

/**
 * Nobody is to be stopped to hear that all is well: a dialog has a toast beside it for that. And a region that stands in a
 * dialog which opens together with its text is not read out.
 */
export function NoticePanel(props: NoticePanelProps): ReactNode {
  const { state } = props;
  if (props.variant !== 'dialog') return <Panel {...props} />;
  const isOver = state?.notice.kind === 'back_online';
  return (
    <>
      <Panel {...props} state={isOver ? null : state} />
      <Panel {...props} state={isOver ? state : null} variant="toast" isInPlace={false} />
    </>
  );
}

/**
 * The look. The live regions are there for good and get their text later: one that comes together with its text is not
 * read out. What changes every second, and the buttons, stand outside of them.
 */
function Panel(props: NoticePanelProps): ReactNode {
  const { state, isInPlace, unstyled, classNames, components = {}, placement = 'top', diagnose } = props;
  const notice = state?.notice;
  const isDialog = props.variant === 'dialog';
  const variant = isInPlace && !isDialog ? 'inline' : (props.variant ?? 'banner');
  const root = useRef<HTMLDivElement & HTMLDialogElement>(null);
  const id = useId();
  const [askedFor, setAskedFor] = useState<Notice['kind'] | null>(null);
  // A question that was left without an answer is not asked again in the next trouble.
  if (askedFor !== null && askedFor !== notice?.kind) setAskedFor(null);
  const asks = askedFor !== null && askedFor === notice?.kind;
  const isAlert = notice?.role === 'alert';
  const isOpen = state !== null;
  useDialog(root, isDialog, isOpen);
  const keepFocus = useFocusBack(root);

  const part = (name: AuthNoticePart, more = ''): string | undefined =>
    [unstyled ? '' : `ccr-${name}${more && ` ccr-${more}`}`, classNames?.[name]].filter(Boolean).join(' ') || undefined;
  const text = state && (
    <>
      <p id={`${id}t`} className={part('title')}>
        {state.title}
      </p>
      {state.detail && !asks && (
        <p id={`${id}d`} className={part('detail')}>
          {state.detail}
        </p>
      )}
    </>
  );
  const actionOf = (action: NoticeAction, at: number): ReactNode => {
    if (!state) return null;
    const { messages } = state;
    if (action === 'status_page') {
      return (
        <a key={action} className={part('link')} href={statusPage} target="_blank" rel="noreferrer">
          {messages.status_page}
        </a>
      );
    }
    const buttons = {
      retry: ['Retry', state.retry],
      sign_in: ['SignIn', state.signIn],
      sign_out: ['SignOut', state.signOut],
      reset: ['Reset', asks ? state.reset : () => setAskedFor(state.notice.kind)],
    } as const;
    const [name, onClick] = buttons[action];
    const Button = components[name] ?? PlainButton;
    return (
      <Button
        key={name}
        notice={state.notice}
        className={part('button', at === 0 ? 'primary' : '')}
        onClick={onClick}
        aria-disabled={state.isBusy && !(state.isRetrying && action !== 'retry')}
      >
        {messages[action]}
      </Button>
    );
  };
  const needsSupport = withReference.includes(notice?.kind);
  const needsReference = needsSupport || Boolean(notice?.findings);
  // Not a modal that says what has to be done, nor a banner that will go by itself: one that stays would cover the page.
  const staysForGood = isAlert || needsSupport || notice?.kind === 'sign_in_needed';
  const isOptional = variant === 'toast' || (isDialog ? !isAlert : staysForGood);
  const isClosable = isOpen && variant !== 'inline' && isOptional;
  const close = (event: { preventDefault(): void }): void => {
    event.preventDefault();
    if (isClosable) state?.dismiss();
  };
  const Root = isDialog ? 'dialog' : 'div';
  const { Support } = components;
  return (
    <Root
      ref={root}
      {...keepFocus}
      className={part('root')}
      data-variant={variant}
      data-placement={placement}
      data-kind={notice?.kind}
      lang={state?.messages.lang}
      dir={state?.messages.dir}
      {...(isDialog && {
        'aria-labelledby': `${id}t`,
        'aria-describedby':
          [(state?.detail || asks) && `${id}d`, state?.next && !asks && `${id}n`].filter(Boolean).join(' ') ||
          undefined,
        role: isAlert ? 'alertdialog' : undefined,
        onKeyDown: (event: KeyboardEvent) => event.key === 'Escape' && close(event),
        onCancel: close,
      })}
    >
      <div className={part('panel')}>
        <div role="status" className={part('text')}>
          {!isAlert && text}
        </div>
        <div role="alert" className={part('text')}>
          {isAlert && text}
          {asks && (
            <p id={`${id}d`} className={part('detail')}>
              {state?.messages.reset_warning}
            </p>
          )}
        </div>
        {state?.next && !asks && (
          <p id={`${id}n`} className={part('next')}>
            {state.next}
          </p>
        )}
        {state &&
          needsReference &&
          (Support ? (
            <Support notice={state.notice} reference={state.reference} className={part('reference')} />
          ) : (
            <p className={part('reference')}>
              {state.messages.reference} <code dir="ltr">{state.reference}</code>
            </p>
          ))}
        {state?.development && (
          <Development notice={state.notice} lang={state.messages.lang} className={part('development')}>
            {diagnose?.(state.notice)}
          </Development>
        )}
        {state && state.notice.actions.length > 0 && (
          <div className={part('actions')}>
            {(asks ? (['reset'] as const) : state.notice.actions).map(actionOf)}
            {asks && (
              <button
                ref={focus}
                type="button"
                className={part('button')}
                onClick={({ currentTarget }) => {
                  focus(currentTarget.previousElementSibling);
                  setAskedFor(null);
                }}
              >
                {state.messages.cancel}
              </button>
            )}
          </div>
        )}
        {isClosable && (
          <button type="button" className={part('close')} aria-label={state.messages.close} onClick={state.dismiss}>
            <span aria-hidden="true">×</span>
          </button>
        )}
      </div>
    </Root>
  );
}

/** Away from the button that was pressed: an Enter that is held must not confirm what it has asked for. */
const focus = (element: Element | null): void => (element as HTMLElement | null)?.focus();

const PlainButton = ({ notice: _, ...props }: AuthNoticeButtonProps): ReactNode => <button type="button" {...props} />;

/** Opens and closes the dialog element, whose own focus handling gives the focus back when it closes. */
function useDialog(root: { readonly current: HTMLDialogElement | null }, isDialog: boolean, isOpen: boolean): void {
  // Of the layout: `<Suspense>` undoes no other effect when it hides what is mounted, and a modal makes the page inert though it is hidden.
  useLayoutEffect(() => {
    const dialog = root.current;
    if (!isDialog || !dialog || dialog.open === isOpen) return;
    if (isOpen) dialog.showModal();
    else dialog.close();
  });
  useLayoutEffect(() => {
    const dialog = root.current;
    return () => {
      if (isDialog && dialog?.open) dialog.close();
    };
  }, [root, isDialog]);
}

/** When what has the focus goes away, gives it back to what had it before; never takes it. */
function useFocusBack(root: { readonly current: HTMLElement | null }) {
  const before = useRef<HTMLElement | null>(null);
  const isInside = useRef(false);
  useLayoutEffect(() => {
    const element = root.current;
    if (!isInside.current || !element || element.contains(element.ownerDocument.activeElement)) return;
    isInside.current = false;
    if (before.current?.isConnected) before.current.focus();
  });
  return {
    onFocus(event: { readonly relatedTarget: EventTarget | null }): void {
      const from = event.relatedTarget as HTMLElement | null;
      if (!isInside.current && from) before.current = from;
      isInside.current = true;
    },
    onBlur({ relatedTarget }: { readonly relatedTarget: EventTarget | null }): void {
      // To nothing: a click beside it, or another window, from which the focus comes back.
      isInside.current = relatedTarget
        ? root.current?.contains(relatedTarget as Node) === true
        : root.current?.ownerDocument.hasFocus() === false;
    },
  };
}
