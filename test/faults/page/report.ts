import type { PageRecordBody } from './bridge.ts';

/** Tells the bench what the page saw, with the time at which it saw it. */
export function report(record: PageRecordBody): void {
  const told = { at: Date.now(), ...record };
  if (!window.benchReport) window.tell(told);
  else void window.benchReport(told).catch(() => {}); // the page may be going away
}
