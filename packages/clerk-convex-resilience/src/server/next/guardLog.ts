import type { FindingCode } from '../../diagnosis/findings.ts';
import type { GuardFault } from './faults.ts';

/** One request that the guard has answered, or let pass, for logs. Holds no path, no header and no part of a key. */
export interface GuardLogLine {
  readonly reason: GuardFault['reason'];
  /** What was found, the worst first. */
  readonly codes: readonly FindingCode[];
  /** Kind of the failure. */
  readonly kind: string;
  /** `served`: the route is public, and was served as to nobody. `refused`: it was answered 503, or 500 for a handler that threw. */
  readonly outcome: 'served' | 'refused';
  /** What the visitor was shown. Only with `refused`. */
  readonly reference?: string;
  /** The name of what a handler has thrown. Its message may hold anything: `onError` gets it. */
  readonly errorName?: string;
}

/** Where lines go: `console`, or a logger of the app's own. */
export interface GuardLogger {
  warn(message: string, line: GuardLogLine): void;
  error(message: string, line: GuardLogLine): void;
}

/** Writes the line: `[clerk-convex-resilience] guard SECRET_KEY_MISSING refused F3K9QX`. */
export function logFault(
  logger: GuardLogger,
  { reason, failure, problems }: GuardFault,
  outcome: GuardLogLine['outcome'],
  reference: string | undefined,
): void {
  const codes = problems.map(({ code }) => code);
  const { name } = (failure.cause ?? {}) as { readonly name?: unknown };
  const errorName = typeof name === 'string' && /^[\w.-]{1,99}$/.test(name) ? name : undefined;
  const words = ['[clerk-convex-resilience] guard', ...(codes.length > 0 ? codes : [reason]), outcome, reference];
  logger[reason === 'unreachable' ? 'warn' : 'error'](words.filter(Boolean).join(' '), {
    reason,
    codes,
    kind: failure.kind,
    outcome,
    ...(reference !== undefined && { reference }),
    ...(errorName !== undefined && { errorName }),
  });
}
