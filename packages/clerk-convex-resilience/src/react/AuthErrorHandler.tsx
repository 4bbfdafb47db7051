'use client';
import { useConvex } from 'convex/react';
import {
  type ComponentType,
  type ReactNode,
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { systemClock } from '../core/clock.ts';
import { browserPage, browserSignals } from '../core/connectivity.ts';
import type { Notice } from '../core/noticeOf.ts';
import { createNoticeWatch } from '../core/noticeWatch.ts';
import { en } from '../locales/en.ts';
import type { AuthMessages } from '../locales/messages.ts';
import { AuthBoundary } from './AuthBoundary.tsx';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';
import { type ConvexClientLike, isLost, isSynced } from './convexTypes.ts';
import { isDevelopment } from './isDevelopment.ts';
import { DevelopmentContext, LocaleContext } from './LocaleContext.ts';
import { type AuthNoticeState, NoticePanel } from './NoticePanel.tsx';
import { countdown, noticeTexts, referenceOf } from './noticeTexts.ts';
import { useHealthView } from './useAuthHealth.ts';

export interface AuthErrorHandlerProps {
  /**
   * `banner` and `toast` lie over the page and move nothing in it, `inline` stands where it is rendered, `dialog` is modal.
   * @defaultValue 'banner'
   */
  readonly variant?: 'banner' | 'inline' | 'dialog' | 'toast' | undefined;
  /** Of a banner its edge, of a toast its corner. @defaultValue 'top' */
  readonly placement?: 'top' | 'bottom' | 'top-start' | 'top-end' | 'bottom-start' | 'bottom-end' | undefined;
  /** The language: one of `clerk-convex-resilience/locales/*`. @defaultValue the provider's `locale`, else English */
  readonly locale?: AuthMessages | undefined;
  /** Replaces single texts of the locale, or all of them. */
  readonly messages?: Partial<AuthMessages> | undefined;
  /**
   * Trouble that is over sooner shows nothing, in milliseconds. Not consulted where waiting cannot help, nor when a child
   * has thrown. @defaultValue 2000
   */
  readonly showAfterMs?: number | undefined;
  /** No class names of this library's, so that `styles.css` does not apply. @defaultValue false */
  readonly unstyled?: boolean | undefined;
  /** Class names of yours, for each part. */
  readonly classNames?: Partial<Record<AuthNoticePart, string>> | undefined;
  /** Components of yours in place of the buttons, and of the reference (`Support`: make it a link). */
  readonly components?: AuthNoticeComponents | undefined;
  /** Which build of the app it is: stands in the reference that a user can give to you. */
  readonly build?: string | undefined;
  /**
   * Shows what a developer needs besides: the failure's source, kind and code, what was found to be wrong and how to mend it
   * (in English, Russian or Bengali), and what `diagnose` renders. What was seen and expected is there where the provider's
   * `development` is too. @defaultValue the provider's `development`
   */
  readonly development?: boolean | undefined;
  /** What else to show in development: what was found to be wrong, and how to mend it. */
  readonly diagnose?: ((notice: Notice) => ReactNode) | undefined;
  readonly onRetry?: ((about: { readonly notice: Notice }) => void) | undefined;
  readonly onSignOut?: ((about: { readonly notice: Notice }) => void) | undefined;
  /** What was shown has passed: called when "You’re back online" is said, so not after a sign-in or for what was closed. */
  readonly onRecover?: ((about: { readonly notice: Notice; readonly afterMs: number }) => void) | undefined;
  /**
   * What is below it. A failure of auth that it throws while rendering is shown here in its place, and it is rendered again
   * when that is over; other errors pass through. A function renders the notice itself: it gets null when there is none.
   */
  readonly children?: ReactNode | ((state: AuthNoticeState | null) => ReactNode);
}

export type AuthNoticePart =
  | 'root'
  | 'panel'
  | 'text'
  | 'title'
  | 'detail'
  | 'next'
  | 'reference'
  | 'development'
  | 'actions'
  | 'button'
  | 'link'
  | 'close';

export interface AuthNoticeButtonProps {
  readonly notice: Notice;
  readonly className: string | undefined;
  readonly onClick: () => void;
  /** It is doing it. Not `disabled`, which would take the focus away. */
  readonly 'aria-disabled': boolean;
  readonly children: ReactNode;
}

export interface AuthNoticeComponents {
  readonly Retry?: ComponentType<AuthNoticeButtonProps> | undefined;
  readonly SignOut?: ComponentType<AuthNoticeButtonProps> | undefined;
  readonly SignIn?: ComponentType<AuthNoticeButtonProps> | undefined;
  readonly Reset?: ComponentType<AuthNoticeButtonProps> | undefined;
  readonly Support?:
    | ComponentType<{ readonly notice: Notice; readonly reference: string; readonly className: string | undefined }>
    | undefined;
}

const no = (): boolean => false;

/**
 * Shows what is wrong with the user's sign-in, in words for that user, with the buttons that help, and goes by itself when
 * it is over. While all is well it renders nothing but an empty live region, holds no timer and renders never again.
 * @throws AuthResilienceError `missing_provider` when there is no provider of this library above
 */
export function AuthErrorHandler(props: AuthErrorHandlerProps): ReactNode {
  const given = useContext(LocaleContext);
  const isDeveloper = useContext(DevelopmentContext) ?? isDevelopment();
  const { locale = given ?? en, messages, children, development = isDeveloper, build } = props;
  const { actions, watch, health, subscribe, clock, page } = useWatch(props);
  const { notice, seconds } = useSyncExternalStore(watch.subscribe, watch.view, watch.atFirst);
  const isWell = useSyncExternalStore(subscribe, () => health().status === 'healthy', no);
  const [caught, setCaught] = useState(false);
  const [tries, setTries] = useState(0);
  const [busy, setBusy] = useState<'retry' | 'other' | null>(null);
  const latest = useRef(props);
  useInsertionEffect(() => {
    latest.current = props;
  });

  const shown = useRef<Notice | null>(null);
  useEffect(() => {
    const before = shown.current;
    shown.current = notice;
    if (before && notice?.kind === 'back_online') {
      latest.current.onRecover?.({ notice: before, afterMs: clock.now() - before.since });
    }
  }, [notice, clock]);

  const run = (what: 'retry' | 'other', action: () => Promise<void>): void => {
    // A try may take a minute, and nobody has to wait for it to sign out.
    if (busy === what || busy === 'other') return;
    setBusy(what);
    void action().finally(() => setBusy((now) => (now === what ? null : now)));
  };
  const texts = { ...locale, ...messages };
  let state: AuthNoticeState | null = null;
  if (notice) {
    const [title, detail] = noticeTexts(notice, texts);
    const isTrying = busy === 'retry' && !seconds;
    state = {
      notice,
      title,
      detail: isTrying ? texts.trying : detail,
      next: seconds === null || isTrying ? '' : seconds ? countdown(texts, seconds) : texts.trying,
      reference: referenceOf(notice, build),
      development,
      messages: texts,
      isBusy: busy !== null,
      isRetrying: busy === 'retry',
      retry() {
        props.onRetry?.({ notice });
        setTries(tries + 1);
        // A Clerk that has given up loading does not begin again.
        const isGivenUp = notice.kind === 'clerk_not_loaded' ? !notice.failure : notice.kind === 'misconfigured';
        if (isGivenUp && !notice.signedIn) page.reload();
        else run('retry', actions.retry);
      },
      signOut() {
        props.onSignOut?.({ notice });
        run('other', actions.signOut);
      },
      signIn: () => run('other', actions.signIn),
      reset: () => run('other', () => actions.resetLocalAuth().then(page.reload)),
      dismiss: watch.dismiss,
    };
  }
  const custom = typeof children === 'function' ? children(state) : null;
  const isCustom = typeof children === 'function';
  return (
    <>
      {!isCustom && <NoticePanel {...props} state={state} isInPlace={caught} />}
      <AuthBoundary
        clock={clock}
        resetKey={`${isWell} ${tries}`}
        status={() => health().status}
        onCaught={(failure) => {
          setCaught(failure !== null);
          watch.caught(failure);
        }}
        fallback={caught && custom}
      >
        {isCustom ? custom : children}
      </AuthBoundary>
    </>
  );
}

function useWatch(props: AuthErrorHandlerProps) {
  const runtime = useContext(AuthRuntimeContext);
  const client = useConvex() as ConvexClientLike | undefined;
  const view = useHealthView('AuthErrorHandler was rendered');
  const showAfter = useRef(props.showAfterMs);
  useInsertionEffect(() => {
    showAfter.current = props.showAfterMs;
  });
  return useMemo(() => {
    const clock = runtime?.clock ?? systemClock;
    const connectivity = runtime?.connectivity ?? browserSignals();
    const page = runtime?.page ?? browserPage();
    const watch = createNoticeWatch({
      clock,
      connectivity,
      page,
      health: view.health,
      subscribe: view.subscribe,
      clerkStatus: () => runtime?.clerkStatus(),
      socket: {
        // Since convex 1.26 a client tells when that changes; without it there is nothing to go by.
        isLost: () =>
          Boolean(client?.subscribeToConnectionState && client.connectionState && isLost(client.connectionState())),
        isSynced: () => Boolean(client?.connectionState && isSynced(client.connectionState())),
        subscribe: (listener) => client?.subscribeToConnectionState?.(listener),
      },
      showAfterMs: () => showAfter.current ?? 2000,
    });
    return { ...view, watch, clock, page };
  }, [runtime, client, view]);
}
