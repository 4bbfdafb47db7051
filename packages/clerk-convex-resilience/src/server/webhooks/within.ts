import type { Clock } from '../../core/clock.ts';

/** The value, or `late` when it is not here in time. What comes later is dropped. */
export async function within<T>(clock: Clock, ms: number, value: Promise<T>): Promise<T | 'late'> {
  let undoTimer: (() => void) | undefined;
  const late = new Promise<'late'>((resolve) => {
    undoTimer = clock.setTimer(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    undoTimer?.();
  }
}
