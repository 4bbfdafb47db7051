// eslint-disable-next-line no-restricted-imports -- a type alone: what a finding says is the diagnosis's own
import type { ReportedFinding } from '../diagnosis/findings.ts';
import type { AuthFailure } from './failure.ts';
import { type AuthHealth, type ConfigProblem, needsAPerson } from './health.ts';

/** What a person is told, and what they can do about it. */
export interface Notice {
  readonly kind: NoticeKind;
  /** `alert` only where the person has to act: a screen reader interrupts for it. */
  readonly role: 'status' | 'alert';
  /** What would help, the most likely first. */
  readonly actions: readonly NoticeAction[];
  /** Somebody is signed in, and stays so. */
  readonly signedIn: boolean;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
  /** Not shown before: what passes by itself in the meantime was no trouble. */
  readonly showAt: number;
  readonly failure?: AuthFailure | undefined;
  /** When it is tried again, in milliseconds since the epoch; null: at this moment; absent where it is not known. */
  readonly nextAttemptAt?: number | null | undefined;
  /** What was found to be wrong; in production by codes alone. */
  readonly findings?: readonly ReportedFinding[] | undefined;
  /** Of `unconfigured`. */
  readonly problems?: readonly ConfigProblem[] | undefined;
}

export type NoticeKind =
  | 'recovering'
  | 'connecting'
  | 'offline'
  | 'clerk_unreachable'
  | 'convex_unreachable'
  | 'overloaded'
  | 'session_ended'
  | 'sign_in_needed'
  | 'account_blocked'
  | 'misconfigured'
  | 'clerk_not_loaded'
  | 'unconfigured'
  | 'back_online';

export type NoticeAction = 'retry' | 'sign_in' | 'sign_out' | 'reset' | 'status_page';

export interface NoticeEvidence {
  readonly health: AuthHealth;
  /** Since when the health has this status. */
  readonly since: number;
  readonly now: number;
  readonly showAfterMs: number;
  /** `clerk.status` */
  readonly clerkStatus: string | undefined;
  /** The browser's word, which is a hint for a text and nothing more. */
  readonly isOnline: boolean;
  /** It said otherwise since the trouble that is shown began: what is not there yet is on its way. */
  readonly wasOffline: boolean;
  /** Since when Convex's socket is lost; null when it is not. */
  readonly socketLostAt: number | null;
  /** What a child threw while rendering, or a promise that nobody handled; shown at once, since it is seen already. */
  readonly caught: { readonly failure: AuthFailure; readonly at: number } | null;
}

/** A page that loads for so long has a trouble, in milliseconds. */
const slowLoadMs = 10_000;
/** After so long it is worth forgetting what the browser keeps, in milliseconds. */
const resetAfterMs = 30_000;

/** The table: what there is to say; null when all is well. Whether it is time to say it, `showAt` tells. */
export function noticeOf(evidence: NoticeEvidence): Notice | null {
  const { health, now, showAfterMs, caught } = evidence;
  const make = (
    kind: NoticeKind,
    actions: readonly NoticeAction[],
    { since = evidence.since, waitMs = showAfterMs, ...more }: Partial<Notice> & { readonly waitMs?: number } = {},
  ): Notice => {
    const isStuck = actions.includes('reset') && now - since < resetAfterMs;
    return {
      kind,
      role: kind === 'session_ended' ? 'alert' : 'status',
      actions: isStuck ? actions.filter((action) => action !== 'reset') : actions,
      signedIn: false,
      since,
      showAt: caught ? caught.at : since + waitMs,
      ...('findings' in health && { findings: health.findings }),
      ...more,
    };
  };
  const forAPerson = (failure: AuthFailure, more: Partial<Notice>): Notice =>
    failure.kind === 'misconfigured'
      ? make('misconfigured', ['retry', 'sign_out'], { failure, waitMs: 0, ...more })
      : make('account_blocked', more.signedIn ? ['sign_out'] : ['sign_in'], { failure, waitMs: 0, ...more });

  switch (health.status) {
    case 'unconfigured':
      return make('unconfigured', [], { waitMs: 0, problems: health.problems });
    case 'blocked':
      return forAPerson(health.failure, { since: health.since, signedIn: true });
    case 'signed_out': {
      const failure = health.failure ?? caught?.failure;
      if (!failure) return null;
      if (needsAPerson(failure)) return forAPerson(failure, {});
      if (health.failure) return make('session_ended', ['sign_in'], { failure, waitMs: 0 });
      // Nothing has ended: something wants a user, or a visitor cannot reach Clerk.
      if (failure.kind === 'session_ended') return make('sign_in_needed', ['sign_in'], { failure });
      const [kind, ...actions] = recovering(failure, false);
      return make(kind, ['retry', ...actions], { failure });
    }
    case 'starting': {
      const { failure } = health;
      if (failure?.kind === 'misconfigured') return make('misconfigured', ['retry'], { failure, waitMs: 0 });
      if (!evidence.isOnline) return make('offline', ['retry'], { failure });
      if (failure || evidence.clerkStatus === 'error') return make('clerk_not_loaded', ['retry'], { failure });
      if (evidence.clerkStatus === 'degraded') return make('clerk_unreachable', ['retry', 'status_page']);
      // What a child throws meanwhile says nothing of how long it has taken.
      if (caught && now < evidence.since + slowLoadMs) return make('recovering', ['retry']);
      // A Clerk that has not loaded is not helped by a browser that forgets, and its user could not sign in again.
      return make(
        'connecting',
        ['retry', 'status_page', ...(evidence.clerkStatus === 'ready' ? (['reset'] as const) : [])],
        { waitMs: Math.max(slowLoadMs, showAfterMs) },
      );
    }
    case 'recovering': {
      const { failure, since, nextAttemptAt } = health;
      const [kind, ...actions] = evidence.isOnline ? recovering(failure, evidence.socketLostAt !== null) : offline;
      return make(kind, ['retry', 'sign_out', ...actions], { failure, since, nextAttemptAt, signedIn: true });
    }
    case 'healthy':
      if (caught) {
        const { failure, at } = caught;
        if (needsAPerson(failure)) return forAPerson(failure, { since: at, signedIn: true });
        return make('recovering', ['retry', 'sign_out'], { failure, since: at, signedIn: true });
      }
      return evidence.socketLostAt === null
        ? null
        : make(!evidence.isOnline ? 'offline' : evidence.wasOffline ? 'recovering' : 'convex_unreachable', [], {
            since: evidence.socketLostAt,
            signedIn: true,
          });
    default:
      health satisfies never;
      return null;
  }
}

type KindWithActions = readonly [kind: NoticeKind, ...actions: NoticeAction[]];
const offline: KindWithActions = ['offline'];

/** Whose fault it is, as far as a person can make use of it. */
function recovering({ kind, status, code, source }: AuthFailure, socketLost: boolean): KindWithActions {
  if (kind === 'offline') return offline;
  if (kind === 'rate_limited' || status === 503) return ['overloaded', 'status_page'];
  if (kind === 'network' || kind === 'timeout' || kind === 'server' || kind === 'not_loaded') {
    // Convex gave the identity up, or both are out of reach: then it is the way there, not one of them.
    if (code === 'identity_lost' || (kind === 'network' && socketLost)) return ['recovering'];
    if (source === 'convex') return ['convex_unreachable'];
    return ['clerk_unreachable', 'status_page'];
  }
  return ['recovering', 'reset'];
}

/** It is over: said for a moment. */
export const backOnline = (now: number): Notice => ({
  kind: 'back_online',
  role: 'status',
  actions: [],
  signedIn: true,
  since: now,
  showAt: now,
});
