import type { Fault } from 'clerk-convex-emulators';
import { atOnceMs } from './playCombination.ts';
import { recoveryBound } from './recoveryBound.ts';
import type { Scenario, Setup } from './Scenario.ts';
import { type Stage, tokenLifeSeconds } from './Stage.ts';

/** Any request of clerk-js; the keys that Convex verifies tokens with, and clerk-js's own script, stay reachable. */
const frontendApi = '/v1/';
/** The token that Convex asks for, and no other: `getToken({ template: 'convex' })`. */
const convexToken = 'POST /v1/client/sessions/*/tokens/convex';

const clerkCloses: Fault = { match: frontendApi, action: 'close' };

/** Clerk fails in some way across a scheduled refresh of the token. */
const acrossRefresh =
  (forMs: number, ...clerk: readonly Fault[]) =>
  async (stage: Stage): Promise<void> => {
    await stage.signedIn();
    await stage.justBeforeRefresh();
    stage.observe();
    await stage.break({ clerk });
    await stage.pause(forMs);
    await stage.mend();
    await stage.settle();
  };

/** The next requests for a Convex token fail, so many of them. */
const refreshFails = (times: number) => async (stage: Stage) => {
  await stage.signedIn();
  await stage.justBeforeRefresh();
  stage.observe();
  await stage.break({ clerk: [{ match: convexToken, times, action: 'close' }] });
  await stage.spent(25_000);
  await stage.settle();
};

const offline =
  (forMs: number, signal: (stage: Stage) => Promise<void> = async () => {}) =>
  async (stage: Stage): Promise<void> => {
    await stage.signedIn();
    await stage.justBeforeRefresh();
    stage.observe();
    await stage.goOffline();
    await stage.pause(forMs);
    await stage.mend();
    await signal(stage);
    await stage.settle();
  };

/** A signed-in user loads the page anew while Clerk cannot be reached. */
const loadInOutage =
  (forMs: number, action: Fault['action'], { sessionCookie = true } = {}) =>
  async (stage: Stage): Promise<void> => {
    await stage.signedIn();
    await stage.leave();
    if (!sessionCookie) await stage.dropSessionCookie();
    await stage.break({ clerk: [{ match: frontendApi, action }] });
    stage.observe();
    await stage.reload();
    await stage.pause(forMs);
    await stage.mend();
    await stage.settle();
  };

/** The user signs out while Clerk cannot be reached, loads the page anew, and once more when it is back. */
const signOutInOutage = (action: Fault['action']) => async (stage: Stage) => {
  await stage.signedIn();
  stage.observe();
  await stage.break({ clerk: [{ match: frontendApi, action }] });
  await stage.pause(300);
  await stage.signOut({ waitMs: 5_000 });
  await stage.reload({ waitMs: 6_000 });
  await stage.mend();
  await stage.removed({ waitMs: 12_000 });
  await stage.reload({ waitMs: 10_000 });
  await stage.pause(1_500);
};

/** A scenario that has a name of its own, and runs in a browser of its own. */
export type NamedScenario = Scenario & {
  /** Part of `--quick`. */
  readonly quick: boolean;
  readonly takesSeconds: number;
} & Partial<Pick<Setup, 'rtt' | 'clerkJs' | 'refreshAfterSeconds'>>;

/**
 * Of rows that end with a signal. Bounded loosely: what they are for is measured, in as many runs as asked for. The refresh comes so early that the old
 * token has not expired when the signal comes: else it would be the refusal of that one which is measured.
 */
const wake = {
  wake: true,
  quick: false,
  realEnd: false,
  takesSeconds: 44,
  recoversWithinMs: 10_000,
  refreshAfterSeconds: 12,
} as const;

const named: readonly NamedScenario[] = [
  {
    id: 'refresh_fails_once',
    says: 'One request for a token is closed without an answer.',
    when: 'scheduled_refresh',
    fault: 'closed',
    lasts: 'once',
    quick: true,
    realEnd: false,
    takesSeconds: 32,
    clerkJs: 'script',
    play: refreshFails(1),
  },
  {
    id: 'refresh_fails_three_times',
    says: 'Three requests for a token, one after the other, are closed without an answer.',
    when: 'scheduled_refresh',
    fault: 'closed',
    lasts: 'three_times',
    quick: true,
    realEnd: false,
    takesSeconds: 42,
    play: refreshFails(3),
  },
  {
    id: 'connection_closed_10s',
    says: 'Clerk closes every connection for 10 s, across a refresh.',
    when: 'scheduled_refresh',
    fault: 'closed',
    lasts: '10s',
    quick: true,
    realEnd: false,
    takesSeconds: 48,
    play: acrossRefresh(10_000, { match: frontendApi, action: 'close' }),
  },
  {
    id: 'connection_closed_10s_rtt_0',
    says: 'The same in a browser that reports a round trip of 0 ms, which clerk-js 5 takes for offline.',
    when: 'scheduled_refresh',
    fault: 'closed',
    lasts: '10s',
    quick: false,
    realEnd: false,
    takesSeconds: 48,
    rtt: 0,
    play: acrossRefresh(10_000, { match: frontendApi, action: 'close' }),
  },
  {
    id: 'http_500_20s',
    says: 'Clerk answers 500 for 20 s, across a refresh.',
    when: 'scheduled_refresh',
    fault: 'http_500',
    lasts: '20s',
    quick: true,
    realEnd: false,
    takesSeconds: 56,
    play: acrossRefresh(20_000, { match: frontendApi, action: { type: 'status', status: 500 } }),
  },
  {
    id: 'http_429_10s',
    says: 'Clerk answers 429 with Retry-After for 10 s, across a refresh.',
    when: 'scheduled_refresh',
    fault: 'http_429_retry_after_seconds',
    lasts: '10s',
    quick: false,
    realEnd: false,
    takesSeconds: 48,
    play: acrossRefresh(10_000, {
      match: frontendApi,
      action: { type: 'status', status: 429, headers: { 'retry-after': '3' } },
    }),
  },
  {
    id: 'truncated_10s',
    says: 'Every answer of Clerk breaks off for 10 s, across a refresh.',
    when: 'scheduled_refresh',
    fault: 'truncated',
    lasts: '10s',
    quick: false,
    realEnd: false,
    takesSeconds: 48,
    play: acrossRefresh(10_000, { match: frontendApi, action: 'truncate' }),
  },
  {
    id: 'offline_8s',
    says: 'The browser is offline for 8 s, across a refresh.',
    when: 'scheduled_refresh',
    fault: 'disconnected',
    lasts: '8s',
    quick: true,
    realEnd: false,
    takesSeconds: 44,
    play: offline(8_000),
  },
  {
    id: 'offline_30s_across_expiry',
    says: 'The browser is offline for 30 s, until after the token has expired.',
    when: 'scheduled_refresh',
    fault: 'disconnected',
    lasts: '30s',
    quick: true,
    realEnd: false,
    takesSeconds: 68,
    play: offline(30_000),
  },
  {
    id: 'hang',
    says: 'Clerk takes requests and does not answer them for 20 s, across a refresh.',
    when: 'scheduled_refresh',
    fault: 'hang',
    lasts: '20s',
    quick: true,
    realEnd: false,
    takesSeconds: 60,
    play: acrossRefresh(20_000, { match: frontendApi, action: 'hang' }),
  },
  {
    id: 'unauthorized_401_and_client_500',
    says: 'For 10 s Clerk answers 401 to a token request and 500 to the look at the client that follows it.',
    when: 'scheduled_refresh',
    fault: 'unauthorized_client_500',
    lasts: '10s',
    quick: true,
    realEnd: false,
    takesSeconds: 48,
    play: acrossRefresh(
      10_000,
      {
        match: 'POST /v1/client/sessions/*/tokens',
        action: {
          type: 'status',
          status: 401,
          json: {
            errors: [{ code: 'authentication_invalid', message: 'Unable to authenticate the request', meta: {} }],
          },
        },
      },
      { match: /^GET \/v1\/client$/, action: { type: 'status', status: 500 } },
    ),
  },
  {
    id: 'auth_error_then_failing_fetch_10s',
    says: 'Convex takes the identity back while Clerk closes every connection for 10 s.',
    when: 're_authentication',
    fault: 'closed',
    lasts: '10s',
    quick: true,
    realEnd: false,
    takesSeconds: 30,
    play: async (stage) => {
      await stage.signedIn();
      stage.observe();
      await stage.break({ clerk: [{ match: frontendApi, action: 'close' }], convex: [{ action: 'auth_error' }] });
      await stage.pause(10_000);
      await stage.mend();
      await stage.settle();
    },
  },
  {
    id: 'identity_provider_unreachable_12s_with_mutation',
    says: "For 12 s Convex cannot get Clerk's keys and refuses every token, while the user sends a message.",
    when: 're_authentication',
    fault: 'authenticate_rejected',
    lasts: '12s',
    quick: true,
    realEnd: false,
    takesSeconds: 34,
    play: async (stage) => {
      await stage.signedIn();
      stage.observe();
      await stage.break({
        // No answer is a refusal to Convex; at a 5xx it would close the socket, and the client would come back.
        clerk: [{ match: '/.well-known/', action: 'close' }],
        convex: [{ action: 'auth_error' }],
      });
      stage.queueMessage();
      await stage.pause(12_000);
      await stage.mend();
      await stage.settle();
    },
  },
  {
    id: 'load_while_clerk_is_slow',
    says: 'The page is loaded while Clerk takes 2 s for each answer: no outage, a slow network.',
    when: 'while_clerk_loads',
    fault: 'late_2s',
    lasts: '3s',
    quick: false,
    realEnd: false,
    takesSeconds: 20,
    play: async (stage) => {
      await stage.signedIn();
      await stage.leave();
      await stage.break({ clerk: [{ match: frontendApi, action: { type: 'delay', delayMs: 2_000 } }] });
      stage.observe();
      await stage.reload();
      await stage.pause(3_000);
      await stage.mend();
      await stage.settle();
    },
  },
  {
    id: 'load_in_outage_10s',
    says: 'The page is loaded while Clerk closes every connection for 10 s.',
    when: 'while_clerk_loads',
    fault: 'closed',
    lasts: '10s',
    quick: true,
    realEnd: false,
    takesSeconds: 32,
    play: loadInOutage(10_000, 'close'),
  },
  {
    id: 'load_in_outage_10s_without_session_cookie',
    says: "The same without clerk-js's `__session` cookie, which Safari drops after seven days.",
    when: 'while_clerk_loads',
    fault: 'closed',
    lasts: '10s',
    quick: true,
    realEnd: false,
    takesSeconds: 32,
    play: loadInOutage(10_000, 'close', { sessionCookie: false }),
  },
  {
    id: 'load_in_outage_500_10s',
    says: 'The page is loaded while Clerk answers 500 for 10 s.',
    when: 'while_clerk_loads',
    fault: 'http_500',
    lasts: '10s',
    quick: false,
    realEnd: false,
    takesSeconds: 32,
    play: loadInOutage(10_000, { type: 'status', status: 500 }),
  },
  {
    id: 'load_in_outage_hang_12s',
    says: 'The page is loaded while Clerk does not answer for 12 s.',
    when: 'while_clerk_loads',
    fault: 'hang',
    lasts: '12s',
    quick: true,
    realEnd: false,
    takesSeconds: 34,
    play: loadInOutage(12_000, 'hang'),
  },
  {
    id: 'sign_out_healthy',
    says: 'The user signs out on a healthy network, and loads the page anew.',
    when: 'sign_out',
    fault: 'none',
    lasts: '0s',
    quick: true,
    realEnd: true,
    outWithinMs: atOnceMs,
    takesSeconds: 16,
    clerkJs: 'script',
    play: async (stage) => {
      await stage.signedIn();
      stage.observe();
      await stage.signOut({ waitMs: 5_000 });
      await stage.removed({ waitMs: 5_000 });
      await stage.pause(3_000);
      await stage.reload({ waitMs: 10_000 });
      await stage.pause(1_500);
    },
  },
  {
    id: 'sign_out_frontend_api_closed',
    says: 'The user signs out while Clerk closes every connection; then a reload, the mend, and another reload.',
    when: 'sign_out',
    fault: 'closed',
    lasts: '11s',
    quick: true,
    realEnd: true,
    outWithinMs: atOnceMs,
    takesSeconds: 36,
    play: signOutInOutage('close'),
  },
  {
    id: 'sign_out_frontend_api_hangs',
    says: 'The same while Clerk does not answer.',
    when: 'sign_out',
    fault: 'hang',
    lasts: '11s',
    quick: true,
    realEnd: true,
    outWithinMs: atOnceMs,
    takesSeconds: 36,
    play: signOutInOutage('hang'),
  },
  {
    id: 'sign_out_frontend_api_500',
    says: 'The same while Clerk answers 500.',
    when: 'sign_out',
    fault: 'http_500',
    lasts: '11s',
    quick: true,
    realEnd: true,
    outWithinMs: atOnceMs,
    takesSeconds: 36,
    play: signOutInOutage({ type: 'status', status: 500 }),
  },
  {
    id: 'sign_out_with_a_token_under_way',
    says: 'The user signs out while a token is under way that is 4 s late and can no longer be taken back.',
    when: 'sign_out',
    fault: 'late_4s',
    lasts: 'once',
    quick: true,
    realEnd: true,
    outWithinMs: atOnceMs,
    takesSeconds: 18,
    play: async (stage) => {
      await stage.signedIn();
      stage.observe();
      await stage.break({
        clerk: [{ match: convexToken, times: 1, action: { type: 'slow_body', durationMs: 4_000 } }],
        convex: [{ action: 'auth_error' }],
      });
      await stage.pause(1_000);
      await stage.signOut({ waitMs: 5_000 });
      await stage.mend();
      await stage.removed({ waitMs: 5_000 });
      await stage.pause(5_000);
    },
  },
  {
    id: 'revocation',
    says: "The session is revoked in Clerk's dashboard.",
    when: 'healthy',
    fault: 'none',
    lasts: '0s',
    quick: true,
    realEnd: true,
    outWithinMs: tokenLifeSeconds * 1_000,
    takesSeconds: 34,
    clerkJs: 'script',
    play: async (stage) => {
      await stage.signedIn();
      stage.observe();
      await stage.revoke({ waitMs: tokenLifeSeconds * 1_000 + 2_000 });
      await stage.pause(2_000);
    },
  },
  {
    id: 'wake_online',
    says: 'The browser is offline for 10 s, across a refresh; then it says `online`.',
    when: 'scheduled_refresh',
    fault: 'disconnected',
    lasts: '10s',
    play: offline(10_000, (stage) => stage.wakes('online')),
    ...wake,
  },
  {
    id: 'wake_visible',
    says: 'Clerk closes every connection for 10 s, across a refresh in a hidden tab; the tab is shown right after.',
    when: 'hidden',
    fault: 'closed',
    lasts: '10s',
    play: async (stage) => {
      await stage.signedIn();
      await stage.hide();
      await stage.justBeforeRefresh();
      stage.observe();
      await stage.break({ clerk: [clerkCloses] });
      await stage.pause(10_000);
      await stage.mend();
      await stage.show();
      await stage.wakes('visible');
      await stage.settle();
    },
    ...wake,
  },
  {
    id: 'wake_socket_open',
    says: "Neither Clerk nor Convex can be reached for 10 s, across a refresh; then Convex's socket opens.",
    when: 'scheduled_refresh',
    fault: 'closed+upgrade_refused+socket_dropped',
    lasts: '10s',
    play: async (stage) => {
      await stage.signedIn();
      await stage.justBeforeRefresh();
      stage.observe();
      await stage.break({
        clerk: [clerkCloses],
        convex: [{ match: /^CONNECT /, action: 'refuse_upgrade' }, { action: 'drop_sockets' }],
      });
      await stage.pause(10_000);
      await stage.mend();
      await stage.wakes('socket');
      await stage.settle();
    },
    ...wake,
  },
  {
    id: 'wake_from_sleep',
    says: 'Clerk closes every connection for 10 s, across a refresh; the machine falls asleep meanwhile, and wakes after.',
    when: 'sleep',
    fault: 'closed',
    lasts: '10s',
    play: async (stage) => {
      await stage.signedIn();
      await stage.justBeforeRefresh();
      stage.observe();
      await stage.break({ clerk: [clerkCloses] });
      await stage.pause(3_000);
      const awake = stage.freeze(12_000);
      await stage.pause(7_000);
      await stage.mend();
      await awake;
      await stage.wakes('thaw');
      await stage.settle();
    },
    ...wake,
  },
  {
    id: 'wake_pageshow',
    says: 'Clerk closes every connection for 10 s, across a refresh; the user is on another page meanwhile, and comes back right after.',
    when: 'bfcache',
    fault: 'closed',
    lasts: '10s',
    play: async (stage) => {
      await stage.signedIn();
      await stage.justBeforeRefresh();
      await stage.prepareToWander();
      stage.observe();
      await stage.break({ clerk: [clerkCloses] });
      await stage.pause(4_000);
      await stage.wander();
      await stage.pause(6_000);
      await stage.mend();
      await stage.comeBack();
      await stage.wakes('pageshow');
      await stage.settle();
    },
    ...wake,
  },
];

/** Scenarios that have a name of their own. What recovers has an outer bound, by its fault where it names none. */
export const scenarios: readonly NamedScenario[] = named.map((scenario) =>
  scenario.realEnd ? scenario : { recoversWithinMs: recoveryBound(scenario), ...scenario },
);
