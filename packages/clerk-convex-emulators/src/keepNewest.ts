const logLimit = 10_000;

/** Adds to a log; beyond its limit the oldest entry goes, so that an emulator that runs for days does not grow. */
export function keepNewest<Entry>(log: Entry[], entry: Entry, limit = logLimit): void {
  log.push(entry);
  if (log.length > limit) log.shift();
}
