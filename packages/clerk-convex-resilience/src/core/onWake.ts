import type { Clock } from './clock.ts';
import type { Connectivity, WakeReason } from './connectivity.ts';

/** How often time is looked at, and how much of it must be missing: a busy page is late by less. In milliseconds. */
const beatMs = 5_000;

/**
 * Calls back when waiting any longer may be pointless: the page's own signals, and a timer that rings much later than it
 * should, because the machine slept. Not in the background, where timers are late by habit. Returns its own undo.
 */
export function onWake(
  { clock, connectivity }: { readonly clock: Clock; readonly connectivity: Connectivity },
  listener: (reason: WakeReason) => void,
): () => void {
  let undoTimer = (): void => {};
  function beat(): void {
    const due = clock.now() + beatMs;
    undoTimer = clock.setTimer(() => {
      const slept = clock.now() - due > beatMs && !connectivity.isHidden();
      beat();
      if (slept) listener('sleep');
    }, beatMs);
  }
  beat();
  const undo = connectivity.onWake(listener);
  return () => {
    undoTimer();
    undo();
  };
}
