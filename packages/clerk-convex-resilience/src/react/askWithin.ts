import type { Clock } from '../core/clock.ts';

/** Asks for as long as `ms`, and while somebody wants to know: the signal that `ask` gets is aborted at the end of either. */
export async function askWithin<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const end = (): void => abort.abort();
  const cancel = clock.setTimer(end, ms);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await ask(abort.signal);
  } finally {
    cancel();
    signal.removeEventListener('abort', end);
  }
}
