import type { Fault } from 'clerk-convex-emulators';
import type { FrameCommand, LabOrder } from './protocol.ts';

export interface Scenario {
  readonly id: string;
  readonly group: 'The network' | 'The servers' | 'The session';
  readonly label: string;
  /** What happens, as it does in life. */
  readonly story: string;
  /** What the timeline writes over the time of the fault. */
  readonly fault: string;
  /** How long it lasts; then everything is mended. */
  readonly durationMs: number;
  /** Whether the user ought to be signed in afterwards. */
  readonly rightEnd: 'signed_in' | 'signed_out';
  /** Seconds that the token has left when it begins, so that a refresh falls into it. */
  readonly tokenSecondsLeft?: number;
  readonly steps: readonly Step[];
}

type Step = { readonly atMs: number } & ({ readonly order: LabOrder | 'revoke' } | { readonly frames: FrameCommand });

/** Clerk's Frontend API: not the script, which a browser has in its cache. */
const FRONTEND_API = '/v1/';
const TOKENS = '/tokens';

/** No connection to anybody. */
const unplugged: { clerk: Fault[]; convex: Fault[] } = {
  clerk: [{ match: FRONTEND_API, action: 'reset' }],
  convex: [
    { match: 'CONNECT', action: 'refuse_upgrade' },
    { match: 'POST /api/', action: 'reset' },
    { action: 'drop_sockets', times: 1 },
  ],
};

/** What Convex says when a token has run out: the client asks Clerk for another at once. */
const tokenExpired: Fault = { action: 'auth_error', times: 1 };

export const scenarios: readonly Scenario[] = [
  {
    id: 'hiccup',
    group: 'The servers',
    label: 'Clerk: 401, then 500',
    story: 'For six seconds Clerk answers 401 to a token request and 500 to the question who is signed in.',
    fault: 'Clerk answers 401 and 500',
    durationMs: 6_000,
    rightEnd: 'signed_in',
    steps: [
      {
        atMs: 0,
        order: {
          clerk: [
            { match: TOKENS, action: { type: 'status', status: 401 } },
            { match: 'GET /v1/client', action: { type: 'status', status: 500 } },
          ],
          convex: [tokenExpired],
        },
      },
    ],
  },
  {
    id: 'drop',
    group: 'The network',
    label: 'Drop the network, 8 s',
    story: 'The Wi-Fi goes away for eight seconds, and the token happens to be due in them.',
    fault: 'No network',
    durationMs: 8_000,
    rightEnd: 'signed_in',
    tokenSecondsLeft: 13,
    steps: [
      { atMs: 0, order: unplugged },
      { atMs: 0, frames: 'offline' },
    ],
  },
  {
    id: 'offline',
    group: 'The network',
    label: 'Offline for 30 s',
    story: 'A train goes through a tunnel. The token expires on the way.',
    fault: 'No network',
    durationMs: 30_000,
    rightEnd: 'signed_in',
    tokenSecondsLeft: 14,
    steps: [
      { atMs: 0, order: unplugged },
      { atMs: 0, frames: 'offline' },
    ],
  },
  {
    id: 'closed',
    group: 'The network',
    label: 'Connections closed, 10 s',
    story: 'Every connection to Clerk is closed, while the browser still believes that it is online.',
    fault: 'Clerk closes connections',
    durationMs: 10_000,
    rightEnd: 'signed_in',
    steps: [{ atMs: 0, order: { clerk: [{ match: FRONTEND_API, action: 'close' }], convex: [tokenExpired] } }],
  },
  {
    id: 'hang',
    group: 'The network',
    label: 'Clerk hangs, 20 s',
    story: 'Requests to Clerk are taken and never answered.',
    fault: 'Clerk never answers',
    durationMs: 20_000,
    rightEnd: 'signed_in',
    steps: [{ atMs: 0, order: { clerk: [{ match: FRONTEND_API, action: 'hang' }], convex: [tokenExpired] } }],
  },
  {
    id: 'reload',
    group: 'The network',
    label: 'Reload in an outage',
    story: 'The page is loaded again while Clerk cannot be reached.',
    fault: 'Clerk hangs',
    durationMs: 12_000,
    rightEnd: 'signed_in',
    steps: [
      { atMs: 0, order: { clerk: [{ match: FRONTEND_API, action: 'hang' }] } },
      { atMs: 500, frames: 'reload' },
    ],
  },
  {
    id: 'errors',
    group: 'The servers',
    label: '500 for 20 s',
    story: 'Clerk answers every token request with 500.',
    fault: 'Clerk answers 500',
    durationMs: 20_000,
    rightEnd: 'signed_in',
    steps: [
      {
        atMs: 0,
        order: { clerk: [{ match: TOKENS, action: { type: 'status', status: 500 } }], convex: [tokenExpired] },
      },
    ],
  },
  {
    id: 'keys',
    group: 'The servers',
    label: 'Convex cannot reach Clerk, 8 s',
    story: "Convex cannot fetch Clerk's keys and refuses every token, though each is good.",
    fault: 'Convex refuses all tokens',
    durationMs: 8_000,
    rightEnd: 'signed_in',
    steps: [
      {
        atMs: 0,
        order: {
          convex: [
            {
              match: 'MESSAGE Authenticate',
              action: { type: 'reject_authenticate', message: 'Auth provider discovery of Clerk failed' },
            },
            { match: 'POST /api/', action: { type: 'status', status: 401 } },
            tokenExpired,
          ],
        },
      },
    ],
  },
  {
    id: 'audience',
    group: 'The servers',
    label: 'Wrong audience, 12 s',
    story: 'Somebody edits the JWT template: its tokens are no longer made for Convex. Then it is put right.',
    fault: 'Tokens with a wrong aud',
    durationMs: 12_000,
    rightEnd: 'signed_in',
    steps: [{ atMs: 0, order: { audience: 'somebody-else', convex: [tokenExpired] } }],
  },
  {
    id: 'expire',
    group: 'The session',
    label: 'Expire the token',
    story: 'Convex says that the token has run out. Nothing else is wrong.',
    fault: 'Token expired',
    durationMs: 3_000,
    rightEnd: 'signed_in',
    steps: [{ atMs: 0, order: { convex: [tokenExpired] } }],
  },
  {
    id: 'sign_out',
    group: 'The session',
    label: 'Sign out in an outage',
    story: 'The user signs out while Clerk cannot be reached, and loads the page again two seconds later.',
    fault: 'Clerk closes connections',
    durationMs: 8_000,
    rightEnd: 'signed_out',
    steps: [
      { atMs: 0, order: { clerk: [{ match: FRONTEND_API, action: 'close' }] } },
      { atMs: 1_000, frames: 'sign_out' },
      { atMs: 3_000, frames: 'reload' },
    ],
  },
  {
    id: 'revoke',
    group: 'The session',
    label: 'Revoke the session',
    story: "The session is revoked in Clerk's dashboard. This one is meant to end.",
    fault: 'Session revoked',
    durationMs: 3_000,
    rightEnd: 'signed_out',
    steps: [
      { atMs: 0, order: 'revoke' },
      { atMs: 100, order: { convex: [tokenExpired] } },
    ],
  },
];

export const groups = ['The network', 'The servers', 'The session'] as const;

/** The one that the page begins with: the quickest to tell the two sides apart, in both majors. */
export const firstScenario = 'hiccup';
