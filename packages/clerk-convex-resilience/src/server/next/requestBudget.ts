import { type Clock, monotonicClock } from '../../core/clock.ts';
import { invalidOption } from '../../core/errors.ts';

/** The time that one request of a visitor may spend on waiting, shared by all that it calls. */
export interface RequestBudget {
  /** What is left of it, in milliseconds; 0 when it is spent. */
  leftMs(): number;
}

/**
 * Starts the clock of a request: give it to every call that the request makes, and together they take no longer.
 * @throws AuthResilienceError `invalid_option`
 */
export function startRequestBudget(budgetMs: number, clock: Clock = monotonicClock): RequestBudget {
  if (typeof budgetMs !== 'number' || !(budgetMs >= 1 && budgetMs < 2 ** 31)) {
    throw invalidOption('budgetMs', budgetMs, 'a number from 1 to 2147483647');
  }
  const endsAt = clock.now() + budgetMs;
  return { leftMs: () => Math.max(0, endsAt - clock.now()) };
}
