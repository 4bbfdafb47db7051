import type { Clock } from './clock.ts';

/**
 * Begins to count how long a trouble has lasted, in milliseconds: from `since`, which is by default now. It never began in
 * the future: where the clock was set back before that, it begins anew, as in `tokenMachine`.
 */
export function startOutage(clock: Pick<Clock, 'now'>, since = clock.now()): () => number {
  let startedAt = since;
  return () => {
    const now = clock.now();
    startedAt = Math.min(startedAt, now);
    return now - startedAt;
  };
}
