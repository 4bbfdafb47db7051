import type { Meta, StoryObj } from '@storybook/react-vite';
import { AuthErrorHandler, type AuthErrorHandlerProps } from 'clerk-convex-resilience';
import { ConvexProvider, type ConvexReactClient } from 'convex/react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { expect, fn, waitFor } from 'storybook/test';
import { messagesOf } from '../support/languages.ts';
import { asItIs, seen } from '../support/seen.ts';
import { aged, InState, stateStory } from '../support/stateStory.tsx';
import { notAuthenticated, states, storyTime, titleOf } from '../support/states.ts';

/** What a person can do, done by the story itself. */
const meta = {
  title: 'AuthErrorHandler/Interactions',
  component: AuthErrorHandler,
  args: { development: false, onRetry: fn(), onSignOut: fn(), onRecover: fn() },
} satisfies Meta<typeof AuthErrorHandler>;
export default meta;
type Story = StoryObj<AuthErrorHandlerProps>;

/** **Retry** tries now; when it has helped, it is said for a moment that all is well, and then nothing is left. */
export const RetryHelps: Story = {
  ...stateStory('offline'),
  play: async ({ canvas, userEvent, globals, args }) => {
    const { auth, clock } = await aged();
    const texts = messagesOf(globals.language);
    await userEvent.click(await canvas.findByRole('button', { name: texts.retry }));
    await expect(auth.calls).toEqual(['retry']);
    await expect(args.onRetry).toHaveBeenCalledOnce();
    auth.set({ health: { status: 'healthy', since: clock.now() }, isOnline: true });
    await seen(await canvas.findByText(texts.back_online, asItIs));
    await expect(args.onRecover).toHaveBeenCalledOnce();
    await clock.advance(3_000);
    await waitFor(() => expect(canvas.queryByText(texts.back_online, asItIs)).toBeNull());
    await expect(clock.pendingTimers).toBe(0);
  },
};

const never = (): Promise<void> => new Promise(() => {});

/** While it is being tried it says so, **Retry** keeps the focus, and **Sign out** need not wait for it. */
export const RetryTakesLong: Story = {
  args: { variant: 'inline' },
  render: (props) => <InState {...props} state="recovering" onCall={never} />,
  play: async ({ canvas, userEvent, globals }) => {
    const { auth } = await aged();
    const texts = messagesOf(globals.language);
    const retry = await canvas.findByRole('button', { name: texts.retry });
    await userEvent.click(retry);
    await seen(await canvas.findByText(texts.trying, asItIs));
    await expect(retry).toHaveFocus();
    await expect(retry).toHaveAttribute('aria-disabled', 'true');
    const signOut = canvas.getByRole('button', { name: texts.sign_out });
    await expect(signOut).toHaveAttribute('aria-disabled', 'false');
    await userEvent.click(signOut);
    await expect(auth.calls).toEqual(['retry', 'signOut']);
  },
};

/** What lies over the page for good can be closed. It comes again when there is something else to say. */
export const Close: Story = {
  ...stateStory('sessionEnded'),
  play: async ({ canvas, userEvent, globals }) => {
    const { auth, clock } = await aged();
    const texts = messagesOf(globals.language);
    await userEvent.click(await canvas.findByRole('button', { name: texts.close }));
    await waitFor(() => expect(canvas.queryByText(texts.session_ended, asItIs)).toBeNull());
    const failure = { kind: 'account_blocked', source: 'clerk', retryable: false } as const;
    auth.set({ health: { status: 'blocked', failure, since: clock.now() } });
    await seen(await canvas.findByText(texts.account_blocked, asItIs));
    await expect(auth.calls).toEqual([]);
  },
};

/** **Sign out** signs out at once, whatever the network does. */
export const SignOut: Story = {
  ...stateStory('clerkUnreachable', { variant: 'toast' }),
  play: async ({ canvas, userEvent, globals, args }) => {
    const { auth } = await aged();
    await userEvent.click(await canvas.findByRole('button', { name: messagesOf(globals.language).sign_out }));
    await expect(auth.calls).toEqual(['signOut']);
    await expect(args.onSignOut).toHaveBeenCalledOnce();
  },
};

/** Presses **Reset sign-in**, and sees what it asks. */
async function askForReset({ canvas, userEvent, globals }: Parameters<NonNullable<Story['play']>>[0]) {
  const { auth } = await aged();
  const texts = messagesOf(globals.language);
  await userEvent.click(await canvas.findByRole('button', { name: texts.reset }));
  const warning = canvas.getByText(texts.reset_warning, asItIs);
  await seen(warning);
  return { auth, texts, warning };
}

/** **Reset sign-in** says first what it does, also to who cannot see it, and can be taken back. The focus goes to **Cancel**. */
export const ResetAsksFirst: Story = {
  ...stateStory('recovering', { variant: 'inline' }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const { auth, texts, warning } = await askForReset(context);
    await expect(warning.closest('[role]')).toHaveAttribute('role', 'alert');
    await expect(canvas.queryByText(texts.still_signed_in, asItIs)).toBeNull();
    await expect(canvas.getByRole('button', { name: texts.cancel })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await expect(canvas.queryByText(texts.reset_warning, asItIs)).toBeNull();
    await expect(canvas.getByRole('button', { name: texts.reset })).toHaveFocus();
    await expect(auth.calls).toEqual([]);
    await userEvent.click(canvas.getByRole('button', { name: texts.reset }));
    await userEvent.click(canvas.getByRole('button', { name: texts.reset }));
    await waitFor(() => expect(auth.calls).toEqual(['resetLocalAuth', 'reload']));
  },
};

/** A banner or a dialog that has asked, and waits for the answer. */
const asksForReset = (variant: 'banner' | 'dialog'): Story => ({
  ...stateStory('recovering', { variant }),
  play: async (context) => {
    const { canvas } = context;
    const { auth, texts, warning } = await askForReset(context);
    await expect(warning.closest('[data-variant]')).toHaveAttribute('data-variant', variant);
    await expect(canvas.getByRole('button', { name: texts.cancel })).toHaveFocus();
    await expect(auth.calls).toEqual([]);
  },
});
export const ResetAskedInABanner = asksForReset('banner');
export const ResetAskedInADialog = asksForReset('dialog');

/** Its socket was there, and is lost. */
const lostClient = {
  connectionState: () => ({ isWebSocketConnected: false, connectionRetries: 1 }),
  subscribeToConnectionState: () => () => {},
} as unknown as ConvexReactClient;

/** The network has just gone, and Convex still knows the user: it is said, without buttons, since Convex reconnects by itself. */
export const OfflineAtFirst: Story = {
  render: (props) => (
    <ConvexProvider client={lostClient}>
      <InState {...props} state="offline" health={{ status: 'healthy', since: storyTime }} />
    </ConvexProvider>
  ),
  play: async ({ canvas, globals }) => {
    await aged();
    const texts = messagesOf(globals.language);
    const title = await canvas.findByText(texts.offline, asItIs);
    await seen(title);
    await expect(title.closest('[role]')).toHaveAttribute('role', 'status');
    await seen(canvas.getByText(texts.still_signed_in, asItIs));
    await expect(title.closest('[data-kind]')?.querySelectorAll('button, a')).toHaveLength(0);
  },
};

/** The keyboard alone: the buttons in their order, with a ring that is seen. */
export const Keyboard: Story = {
  ...stateStory('overloaded'),
  play: async ({ canvas, userEvent, globals }) => {
    await aged();
    const texts = messagesOf(globals.language);
    const retry = await canvas.findByRole('button', { name: texts.retry });
    await userEvent.tab();
    await expect(retry).toHaveFocus();
    await expect(getComputedStyle(retry).outlineStyle).toBe('solid');
    await userEvent.tab();
    await expect(canvas.getByRole('button', { name: texts.sign_out })).toHaveFocus();
    await userEvent.tab();
    await expect(canvas.getByRole('link', { name: texts.status_page })).toHaveFocus();
  },
};

/** What a person was about to press when the dialog came, and then the handler. */
function DialogOverSave(props: AuthErrorHandlerProps): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  const [hasFocus, setHasFocus] = useState(false);
  useEffect(() => {
    let frame = 0;
    // Where preparing a story takes its time, Storybook shows it after its effects have run.
    const look = (): void => {
      button.current?.focus();
      if (document.activeElement === button.current) setHasFocus(true);
      else frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <>
      <button
        ref={button}
        type="button"
        style={{ position: 'absolute', insetBlockStart: '1.5rem', insetInlineEnd: '1rem' }}
      >
        Save
      </button>
      {hasFocus && <InState {...props} state="clerkUnreachable" variant="dialog" />}
    </>
  );
}

/** A dialog takes the focus, closes with Escape where it may, and gives the focus back. */
export const DialogAndFocus: Story = {
  render: (props) => <DialogOverSave {...props} />,
  play: async ({ canvas, userEvent, globals }) => {
    await aged();
    const dialog = await canvas.findByRole('dialog');
    await expect(dialog).toContainElement(document.activeElement as HTMLElement);
    await expect(dialog).toHaveAccessibleName(messagesOf(globals.language).clerk_unreachable);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(canvas.queryByRole('dialog')).toBeNull());
    await expect(canvas.getByRole('button', { name: 'Save' })).toHaveFocus();
  },
};

/** When it is over the dialog goes by itself, gives the focus back, and all is well is said beside the work. */
export const DialogAndRecovery: Story = {
  render: (props) => <DialogOverSave {...props} />,
  play: async ({ canvas, globals }) => {
    const { auth, clock } = await aged();
    const dialog = await canvas.findByRole('dialog');
    await expect(dialog).toContainElement(document.activeElement as HTMLElement);
    auth.set({ health: { status: 'healthy', since: clock.now() } });
    const over = await canvas.findByText(messagesOf(globals.language).back_online, asItIs);
    await seen(over);
    await expect(over.closest('dialog')).toBeNull();
    await expect(canvas.getByRole('button', { name: 'Save' })).toHaveFocus();
  },
};

/** What is being tried again, in seconds that run: outside of the live region, which says nothing of them. */
export const Countdown: Story = {
  ...stateStory('overloaded', { variant: 'inline' }),
  play: async ({ canvas, globals }) => {
    const { clock } = await aged();
    const texts = messagesOf(globals.language);
    const region = (await canvas.findByText(texts.overloaded, asItIs)).closest('[role]');
    const said = region?.textContent;
    const next = () => document.querySelector('.ccr-next')?.textContent;
    const before = next();
    await clock.advance(5_000);
    await waitFor(() => expect(next()).not.toBe(before));
    await expect(region?.textContent).toBe(said);
    await clock.advance(60_000);
    await waitFor(() => expect(next()).toBe(texts.trying));
  },
};

let isBroken = true;
function Inbox(): ReactNode {
  if (isBroken) throw notAuthenticated;
  return <p>Three new messages</p>;
}
function Throws(props: AuthErrorHandlerProps): ReactNode {
  useState(() => {
    isBroken = true;
  });
  return (
    <InState {...props} state="clerkUnreachable">
      <Inbox />
    </InState>
  );
}

/** A query that throws “Not authenticated” meanwhile is caught, and rendered again when that is over. */
export const ChildThatThrows: Story = {
  render: (props) => <Throws {...props} />,
  play: async ({ canvas, globals }) => {
    const { auth, clock } = await aged();
    await seen(await canvas.findByText(messagesOf(globals.language).clerk_unreachable, asItIs));
    await expect(canvas.queryByText('Three new messages')).toBeNull();
    isBroken = false;
    auth.set({ health: { status: 'healthy', since: clock.now() } });
    await seen(await canvas.findByText('Three new messages'));
  },
};

/** A query that wants a user, and there is none: nothing has ended, so nothing is said of a session. */
export const VisitorSignsIn: Story = {
  ...stateStory('signInNeeded'),
  play: async ({ canvas, userEvent, globals }) => {
    const { auth } = await aged();
    const texts = messagesOf(globals.language);
    await seen(await canvas.findByText(titleOf(states.signInNeeded, texts), asItIs));
    await userEvent.click(canvas.getByRole('button', { name: texts.sign_in }));
    await expect(auth.calls).toEqual(['signIn']);
  },
};
