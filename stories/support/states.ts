import type { AuthFailure, AuthHealth, AuthMessages, NoticeKind } from 'clerk-convex-resilience';
import type { ScriptedAuthState } from 'clerk-convex-resilience/testing';

/** When every story plays: its clock stands still, so that a picture of it is always the same. */
export const storyTime = Date.UTC(2026, 0, 15, 9, 30);
/** So long after its page was loaded. */
export const storyAgeMs = 40_000;

interface StoryState extends Partial<ScriptedAuthState> {
  readonly health: AuthHealth;
  /** What the handler makes of it: `data-kind`. */
  readonly kind: NoticeKind;
  readonly role: 'status' | 'alert';
  /** Its title; without the full stop, where it is a sentence elsewhere. */
  readonly title: keyof AuthMessages;
  /** What a child of the handler throws. */
  readonly throws?: Error;
  /** The labels of its buttons and links, in their order, but for the one that closes it. */
  readonly actions: readonly (keyof AuthMessages)[];
}

const failure = (kind: AuthFailure['kind'], more: Partial<AuthFailure> = {}): AuthFailure => ({
  kind,
  retryable: kind !== 'misconfigured' && kind !== 'account_blocked' && kind !== 'session_ended',
  source: 'clerk',
  ...more,
});
const recovering = (of: AuthFailure, nextInSeconds: number | null = 8): AuthHealth => ({
  status: 'recovering',
  failure: of,
  since: storyTime - 60_000,
  attempt: 3,
  nextAttemptAt: nextInSeconds === null ? null : storyTime + storyAgeMs + nextInSeconds * 1_000,
  signedIn: true,
});
const make = (
  kind: NoticeKind,
  health: AuthHealth,
  actions: StoryState['actions'],
  more: Partial<StoryState> = {},
): StoryState => ({
  kind,
  actions,
  role: 'status',
  // Whose mistake it was is nothing to the person who uses the app.
  title: kind === 'unconfigured' ? 'misconfigured' : kind === 'sign_in_needed' ? 'session_ended_detail' : kind,
  health,
  ...more,
});

const signedOut = (of: AuthFailure): AuthHealth => ({ status: 'signed_out', failure: of });
const misconfigured = failure('misconfigured', { status: 404, code: 'resource_not_found' });

/** As Convex's `useQuery` throws what a function of the app's has thrown. */
export const notAuthenticated = new Error('[CONVEX Q(messages:list)] Uncaught Error: Not authenticated');

/** Everything that there is to be seen. */
export const states = {
  recovering: make('recovering', recovering(failure('unknown'), null), ['retry', 'sign_out', 'reset']),
  connecting: make('connecting', { status: 'starting' }, ['retry', 'status_page', 'reset']),
  offline: make('offline', recovering(failure('network', { source: 'browser' })), ['retry', 'sign_out'], {
    isOnline: false,
  }),
  clerkUnreachable: make('clerk_unreachable', recovering(failure('server', { status: 500 })), [
    'retry',
    'sign_out',
    'status_page',
  ]),
  convexUnreachable: make('convex_unreachable', recovering(failure('server', { source: 'convex', status: 500 })), [
    'retry',
    'sign_out',
  ]),
  overloaded: make('overloaded', recovering(failure('rate_limited', { status: 429 }), 45), [
    'retry',
    'sign_out',
    'status_page',
  ]),
  sessionEnded: make('session_ended', signedOut(failure('session_ended')), ['sign_in'], { role: 'alert' }),
  signInNeeded: make('sign_in_needed', { status: 'signed_out' }, ['sign_in'], { throws: notAuthenticated }),
  accountBlocked: make('account_blocked', signedOut(failure('account_blocked', { status: 403, code: 'user_banned' })), [
    'sign_in',
  ]),
  misconfigured: make('misconfigured', { status: 'blocked', failure: misconfigured, since: storyTime }, [
    'retry',
    'sign_out',
  ]),
  clerkNotLoaded: make('clerk_not_loaded', { status: 'starting' }, ['retry'], { clerkStatus: 'error' }),
  unconfigured: make(
    'unconfigured',
    {
      status: 'unconfigured',
      problems: [
        {
          option: 'publishableKey',
          code: 'PUBLISHABLE_KEY_MISSING',
          message: 'publishableKey is missing. Expected a key that begins with pk_test_ or pk_live_: set it.',
        },
      ],
    },
    [],
  ),
  backOnline: make('back_online', recovering(failure('network', { source: 'browser' })), []),
};

export type StateName = keyof typeof states;

export const titleOf = ({ title }: Pick<StoryState, 'title'>, messages: AuthMessages): string =>
  title === 'session_ended_detail' ? messages[title].replace(/[.।。]$/, '') : messages[title];
