import { freshlyAccepted } from './freshlyAccepted.ts';
import type { PageRecord } from './page/bridge.ts';
import type { Recording } from './Recording.ts';
import { struckAt } from './struckAt.ts';

/** What a side of a row came to: see docs/faults.md. Times are in milliseconds. */
export interface Measures {
  /** How long the user saw signed out; in a real end: from the end until it showed. Null: a real end that never showed. */
  signedOutMs: number | null;
  /** At the end calls to Convex do not work, or the page is loading. */
  stuck: boolean;
  /** From the end of the fault to a fresh token accepted by Convex; in a real end: to the session removed on the server. Null: never. */
  recoveredAfterMs: number | null;
  /** From the end of the fault to the first request for a token after it. Null: none came before the fresh token, or none at all. */
  askedAfterMs: number | null;
  /** Requests to Clerk's Frontend API. */
  requests: number;
  /** Requests that the fault hit. */
  faultedRequests: number;
  /** Unmounts of the children of `<Authenticated>`. */
  unmounts: number;
  /** Runs of functions without an identity while the session was active. */
  anonymousRuns: number;
  /** Tokens that the page sent, and functions that ran as the old user, after the page knew that the session is over. */
  lateTokens: number;
  unhandledRejections: number;
}

/**
 * What had left the page before is not late, wherever it was seen to arrive: 2 ms later on an idle machine; on a busy one Convex's emulator took up to 0.7 s
 * to verify a token. What is later than this is late, whatever the page says of it.
 */
const crossingMs = 2_000;

/** Pure: what was seen, in numbers. */
export function measure(seen: Recording): Measures {
  const during = ({ at }: { at: number }) => at >= seen.observedFrom && at <= seen.observedUntil;
  const page = seen.page.filter(during);
  const out = signedOutSpans(seen.page, seen.observedUntil);
  const outAt = seen.endedAt === undefined ? undefined : out.find(({ until }) => until > (seen.endedAt ?? 0))?.from;
  const activeUntil = seen.removedAt ?? Number.POSITIVE_INFINITY;
  // After a real end the user is meant to be nobody.
  const anonymousUntil = Math.min(seen.observedUntil, seen.endedAt ?? activeUntil);

  return {
    signedOutMs:
      seen.endedAt === undefined
        ? total(out, seen.observedFrom, seen.observedUntil)
        : outAt === undefined
          ? null
          : Math.max(0, outAt - seen.endedAt),
    stuck: seen.lastState === 'loading' || [...seen.probes, seen.queued ?? 'ok'].some((result) => result !== 'ok'),
    recoveredAfterMs: recoveredAfter(seen),
    askedAfterMs: askedAfter(seen),
    requests: seen.clerkLog.filter((entry) => during(entry) && isFrontendApi(entry)).length,
    faultedRequests:
      [...seen.clerkLog, ...seen.convexLog].filter((entry) => during(entry) && entry.fault).length +
      seen.failedRequests.filter((at) => during({ at })).length,
    unmounts: page.filter((r) => r.kind === 'view' && r.view === 'authenticated' && !r.mounted && !isAfterEnd(seen, r))
      .length,
    anonymousRuns: seen.runs.filter((run) => during(run) && run.identity === null && run.at < anonymousUntil).length,
    lateTokens: outAt === undefined ? 0 : lateTokens(seen, knewAt(seen, outAt)),
    unhandledRejections: page.filter(({ kind }) => kind === 'unhandled_rejection').length,
  };
}

/** A sign-out the page knows of with the click, another end when it shows it. */
const knewAt = ({ page, endedAt = 0 }: Recording, outAt: number): number =>
  page.some(({ kind, at }) => kind === 'sign_out_asked' && at === endedAt) ? endedAt : Math.max(outAt, endedAt);

/** What left the page as the old user after it knew. It is the page's own word when: no machine is so busy that it changes that. */
function lateTokens({ page, authentications, runs, userId }: Recording, since: number): number {
  const sent = page.filter((record) => record.kind === 'sent' && record.at > since);
  const asked = new Set(
    sent.flatMap((record) => (record.kind === 'sent' && record.what === 'call' ? [record.of] : [])),
  );
  const sentTokens = sent.filter((r) => r.kind === 'sent' && r.what === 'token' && r.of === userId).length;
  const accepted = authentications.filter(({ kind, at }) => kind === 'accepted' && at > since + crossingMs).length;
  const lateRuns = runs.filter(
    ({ identity, at, path }) => identity === userId && (at > since + crossingMs || (at > since && asked.has(path))),
  );
  return Math.max(sentTokens, accepted) + lateRuns.length;
}

const isFrontendApi = ({ method, path }: { method: string; path: string }): boolean =>
  method !== 'OPTIONS' && path.replace(/^\/__clerk/, '').startsWith('/v1/');

const isAfterEnd = ({ endedAt }: Recording, { at }: PageRecord): boolean => endedAt !== undefined && at >= endedAt;

function recoveredAfter(seen: Recording): number | null {
  const at =
    seen.endedAt === undefined ? freshlyAccepted(seen.authentications, struckAt(seen)) : (seen.removedAt ?? undefined);
  return at === undefined || at > seen.observedUntil ? null : Math.max(0, at - seen.mendedAt);
}

function askedAfter(seen: Recording): number | null {
  if (seen.endedAt !== undefined) return null;
  const back = freshlyAccepted(seen.authentications, struckAt(seen)) ?? seen.observedUntil;
  const asked = seen.clerkLog.find(
    ({ at, method, path }) => at >= seen.mendedAt && method === 'POST' && path.endsWith(seen.tokenPath),
  );
  return asked && asked.at <= back ? asked.at - seen.mendedAt : null;
}

interface Span {
  readonly from: number;
  readonly until: number;
}

/** When the user saw signed out: `<Unauthenticated>` on the page, or `useConvexAuth` neither loading nor authenticated. */
function signedOutSpans(page: readonly PageRecord[], until: number): Span[] {
  const spans: Span[] = [];
  let saidOut = false;
  let shownOut = false;
  let from: number | undefined;
  for (const record of page) {
    if (record.kind === 'load') saidOut = shownOut = false;
    else if (record.kind === 'auth') saidOut = record.state === 'signed_out';
    else if (record.kind === 'view' && record.view === 'unauthenticated') shownOut = record.mounted;
    if (saidOut || shownOut) from ??= record.at;
    else if (from !== undefined) {
      spans.push({ from, until: record.at });
      from = undefined;
    }
  }
  if (from !== undefined && from < until) spans.push({ from, until });
  return spans;
}

/** Pure: what the page showed, other than signed out, after it had shown a real end; loading is right while a page loads. */
export function shownAfterEnd(seen: Recording): string[] {
  const { endedAt } = seen;
  if (endedAt === undefined) return [];
  const out = signedOutSpans(seen.page, seen.observedUntil).find(({ until }) => until > endedAt);
  if (!out) return [];
  let loading = false;
  return seen.page
    .filter(({ at }) => at > out.from)
    .flatMap((record) => {
      if (record.kind === 'load') loading = true;
      if (record.kind !== 'auth') return [];
      if (record.state === 'signed_out') loading = false;
      else if (record.state !== 'loading' || !loading) return [record.state];
      return [];
    });
}

const total = (spans: readonly Span[], from: number, until: number): number =>
  spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.until, until) - Math.max(span.from, from)), 0);
