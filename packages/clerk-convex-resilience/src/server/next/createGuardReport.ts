import type { Clock } from '../../core/clock.ts';
import { dropErrors } from './dropErrors.ts';
import type { GuardFault } from './faults.ts';
import { type GuardLogger, logFault } from './guardLog.ts';

/** What went wrong, with the error itself: whatever it holds, personal data too. */
export interface GuardErrorReport {
  readonly reason: GuardFault['reason'];
  readonly failure: GuardFault['failure'];
  readonly codes: readonly string[];
  /** The error that was thrown, where one was. */
  readonly error?: unknown;
  /** What the visitor was shown; absent when the request was served. */
  readonly reference?: string;
}

/** Public pages are served in an outage, many of them: one line for each kind of fault in so many milliseconds. */
const quietMs = 10_000;

/** Tells the app's log and `onError` of a fault. Every refusal is told, since its reference must be found. Never throws. */
export function createGuardReport(
  clock: Clock,
  logger: GuardLogger | null,
  onError: ((report: GuardErrorReport) => unknown) | undefined,
): (fault: GuardFault, reference?: string) => void {
  /** When each kind was told last: there are as many as there are codes. */
  const toldAt = new Map<string, number>();
  return (fault, reference) => {
    const codes = fault.problems.map(({ code }) => code);
    const key = [fault.reason, ...codes].join(' ');
    if (reference === undefined) {
      const now = clock.now();
      if (now - (toldAt.get(key) ?? -quietMs) < quietMs) return;
      toldAt.set(key, now);
    }
    const { reason, failure } = fault;
    dropErrors(() =>
      onError?.({
        reason,
        failure,
        codes,
        ...('cause' in failure && { error: failure.cause }),
        ...(reference !== undefined && { reference }),
      }),
    );
    try {
      if (logger) logFault(logger, fault, reference === undefined ? 'served' : 'refused', reference);
    } catch {}
  };
}
