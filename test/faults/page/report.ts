import type { PageRecordBody } from './bridge.ts';

/** Tells the bench what the page saw, with the time at which it saw it. */
export function report(record: PageRecordBody): void {
  void window.benchReport({ at: Date.now(), ...record }).catch(() => {}); // the page may be going away
}
