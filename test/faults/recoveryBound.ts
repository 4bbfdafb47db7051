import type { FaultId } from './faultKinds.ts';
import type { Scenario } from './Scenario.ts';

/** What the policy promises after an outage that was this long, in milliseconds: docs/decisions/0007. */
export const promisedMs = (outageMs: number): number =>
  outageMs <= 30_000 ? 3_000 : Math.min(60_000, Math.max(3_000, outageMs / 5));

/** What comes on top of the policy's wait where something else has to be waited for too, in milliseconds. */
const allowances: ReadonlyArray<{
  readonly why: string;
  readonly ms: number;
  readonly applies: (row: { readonly when: string; readonly faults: readonly string[] }) => boolean;
}> = [
  { why: 'the answer itself, and its way to Convex', ms: 2_000, applies: () => true },
  {
    why: 'Retry-After: 3 s, spread over twice as long',
    ms: 6_000,
    applies: ofFault('http_429_retry_after_seconds'),
  },
  {
    why: 'Retry-After: a date 4 s ahead, spread over twice as long',
    ms: 8_000,
    applies: ofFault('http_429_retry_after_date'),
  },
  {
    why: "Convex's client comes back after up to 16 s: initialBackoff and maxBackoff in web_socket_manager.ts, convex 1.48",
    ms: 16_000,
    applies: ({ when, faults }) =>
      when === 'sleep' ||
      when === 'bfcache' ||
      ofFault(
        'socket_dropped',
        'upgrade_refused',
        'authenticate_rejected',
        'auth_error',
        'network_changed',
        'disconnected',
      )({ faults }),
  },
  {
    why: 'a request or script that is answered late, or never, is left alone for up to 20 s',
    ms: 20_000,
    applies: ({ faults }) => faults.some((fault) => /^(hang|late_|timed_out)/.test(fault)),
  },
  {
    why: 'a page that loads',
    ms: 5_000,
    applies: ({ when }) => ['before_clerk_js', 'while_clerk_loads', 'first_token'].includes(when),
  },
  {
    why: 'a switch of organisation that fails leaves the user with the token that there is: the next comes when it falls due',
    ms: 20_000,
    applies: ({ when }) => when === 'org_switch',
  },
  {
    why: 'an identical token is as good as it was, and Convex takes it: the next comes when that one is about to end',
    ms: 20_000,
    applies: ofFault('identical_token'),
  },
  { why: 'timers of a hidden page ring once a second', ms: 3_000, applies: ({ when }) => when === 'hidden' },
];

function ofFault(...ids: readonly FaultId[]) {
  return ({ faults }: { readonly faults: readonly string[] }): boolean =>
    faults.some((fault) => (ids as readonly string[]).includes(fault));
}

/** How much longer than counted everything may take where the processor is shared with fifteen other browsers. */
const busyFactor = 2;

/** Pure: the outer bound of a row's recovery, in milliseconds. Only what is broken for good takes longer. */
export function recoveryBound({ when, fault, lasts }: Pick<Scenario, 'when' | 'fault' | 'lasts'>): number {
  const faults = fault.split('+');
  const outageMs = /^\d+s$/.test(lasts) ? Number.parseInt(lasts, 10) * 1_000 : 0;
  const extra = allowances.reduce((sum, { ms, applies }) => sum + (applies({ when, faults }) ? ms : 0), 0);
  return busyFactor * (promisedMs(outageMs) + extra);
}
