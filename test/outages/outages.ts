import type { Fault } from 'clerk-convex-emulators';

/** What Clerk's Frontend API does while it is down. */
export const outageKinds = {
  closed: { action: 'close' },
  hang: { action: 'hang' },
  http_500: { action: { type: 'status', status: 500 } },
  http_503: { action: { type: 'status', status: 503 } },
  http_429: { action: { type: 'status', status: 429 } },
} as const satisfies Record<string, Fault>;

export type OutageKind = keyof typeof outageKinds;

/** Any request of clerk-js; the keys that Convex verifies tokens with stay reachable. */
export const frontendApi = '/v1/';
