import type { AuthState } from '../page/bridge.ts';
import type { Recording } from '../Recording.ts';

/** What a side of a row looked like over time, small enough to be kept: milliseconds since the observation began. */
export interface Timeline {
  readonly until: number;
  /** From the fault until its end. */
  readonly broken: readonly [number, number];
  /** When the user signed out or was signed out by the dashboard. */
  readonly ended?: number;
  /** What the page said of the user, each until the next. */
  readonly states: ReadonlyArray<readonly [number, AuthState]>;
  /** Requests to Clerk: 1 where the fault hit. */
  readonly requests: ReadonlyArray<readonly [number, 0 | 1]>;
  readonly accepted: readonly number[];
  readonly refused: readonly number[];
  readonly anonymous: readonly number[];
}

/** Pure: the story of a recording in few numbers. */
export function timelineOf(seen: Recording): Timeline {
  const since = (at: number) => Math.round(at - seen.observedFrom);
  const isWatched = ({ at }: { at: number }) => at >= seen.observedFrom && at <= seen.observedUntil;
  const states: Array<[number, AuthState]> = [];
  for (const record of seen.page) {
    if (record.at > seen.observedUntil) break;
    const state = record.kind === 'auth' ? record.state : record.kind === 'load' ? 'loading' : undefined;
    if (state === undefined) continue;
    const at = Math.max(0, since(record.at));
    if (states.at(-1)?.[0] === at) states.pop();
    if (states.at(-1)?.[1] !== state) states.push([at, state]);
  }
  return {
    until: since(seen.observedUntil),
    broken: [Math.max(0, since(seen.brokenAt)), Math.max(0, since(seen.mendedAt))],
    ...(seen.endedAt !== undefined && { ended: since(seen.endedAt) }),
    states,
    requests: seen.clerkLog
      .filter((entry) => isWatched(entry) && entry.method !== 'OPTIONS' && entry.path.includes('/v1/'))
      .map(({ at, fault }) => [since(at), fault ? 1 : 0] as const)
      .concat(seen.failedRequests.filter((at) => isWatched({ at })).map((at) => [since(at), 1] as const))
      .toSorted(([a], [b]) => a - b),
    accepted: seen.authentications.filter((a) => a.kind === 'accepted' && isWatched(a)).map(({ at }) => since(at)),
    refused: seen.authentications
      .filter((a) => (a.kind === 'refused' || a.kind === 'auth_error') && isWatched(a))
      .map(({ at }) => since(at)),
    anonymous: seen.runs.filter((run) => run.identity === null && isWatched(run)).map(({ at }) => since(at)),
  };
}
