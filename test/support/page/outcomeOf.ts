import type { AuthenticationEvent, FunctionRun, RequestLogEntry } from 'clerk-convex-emulators';
import type { CallResult, PageRecord } from './settings.ts';

/** All that was seen of one page while it was watched. Times are milliseconds since the epoch. */
export interface Seen {
  /** From when the user was settled, or from the page load under test; until before the last call. */
  readonly from: number;
  readonly until: number;
  readonly brokenAt: number;
  readonly mendedAt: number;
  readonly page: readonly PageRecord[];
  readonly clerkLog: readonly RequestLogEntry[];
  readonly runs: readonly FunctionRun[];
  readonly authentications: readonly AuthenticationEvent[];
  /** What a mutation at the end came to. */
  readonly call: CallResult;
}

export interface Verdict {
  /** What its user would say, in the words of the fault bench (docs/faults.md). */
  readonly outcome:
    | 'recovers'
    | 'anonymous_runs'
    | 'not_refreshed'
    | 'signed_out_for_a_while'
    | 'signed_out'
    | 'stuck'
    | 'loading_for_ever';
  /** From the end of the fault to a fresh token that Convex accepted; 0: before it. Null: never. */
  readonly recoveredAfterMs: number | null;
  /** Runs of functions without the user. */
  readonly anonymousRuns: number;
  /** Unmounts of the children of `<Authenticated>`. */
  readonly unmounts: number;
  readonly unhandledRejections: number;
}

/** Pure: what became of a signed-in user. */
export function outcomeOf(seen: Seen): Verdict {
  const during = ({ at }: { at: number }) => at >= seen.from && at <= seen.until;
  const page = seen.page.filter(during);
  const lastState = seen.page.findLast(({ kind }) => kind === 'auth' || kind === 'load');
  const state = lastState?.kind === 'auth' ? lastState.state : 'loading';
  const shownOut = page.some(
    (record) =>
      (record.kind === 'auth' && record.state === 'signed_out') ||
      (record.kind === 'view' && record.view === 'unauthenticated' && record.mounted),
  );
  const recoveredAt = freshlyAccepted(seen, seen.brokenAt);
  const counts = {
    recoveredAfterMs: recoveredAt === undefined ? null : Math.max(0, recoveredAt - seen.mendedAt),
    anonymousRuns: seen.runs.filter((run) => during(run) && run.identity === null).length,
    unmounts: page.filter((record) => record.kind === 'view' && record.view === 'authenticated' && !record.mounted)
      .length,
    unhandledRejections: page.filter(({ kind }) => kind === 'unhandled_rejection').length,
  };
  const outcome =
    state === 'loading'
      ? 'loading_for_ever'
      : state === 'signed_out'
        ? 'signed_out'
        : seen.call !== 'ok'
          ? 'stuck'
          : shownOut
            ? 'signed_out_for_a_while'
            : counts.anonymousRuns > 0
              ? 'anonymous_runs'
              : counts.recoveredAfterMs === null
                ? 'not_refreshed'
                : 'recovers';
  return { outcome, ...counts };
}

/** When Convex first accepted a token that Clerk gave out after this time. */
export function freshlyAccepted(
  { clerkLog, authentications }: Pick<Seen, 'clerkLog' | 'authentications'>,
  since: number,
): number | undefined {
  const given = clerkLog.find(
    ({ at, path, status, fault }) => at >= since && path.endsWith('/tokens/convex') && status === 200 && !fault,
  );
  return given && authentications.find(({ at, kind }) => kind === 'accepted' && at >= given.at)?.at;
}
