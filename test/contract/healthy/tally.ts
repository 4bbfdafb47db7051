/** How many there are of each name. */
export type Tally = Readonly<Record<string, number>>;

export function tally<T>(all: readonly T[], nameOf: (one: T) => string): Tally {
  const counts: Record<string, number> = {};
  for (const one of all) {
    const name = nameOf(one);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/**
 * How far two runs of the same may be apart where a tolerance is given: a browser slows the timers of hidden tabs, and a busy machine loses some of what
 * happens every few seconds. 20 renders of one side and 27 of the other were seen. One more in each token life would be twice as many.
 */
const share = 0.35;

/** What differs by more than the tolerance, as lines to read; empty when nothing does. Without a tolerance nothing may. */
export function differences(ours: Tally, plain: Tally, tolerance = 0): string[] {
  return [...new Set([...Object.keys(ours), ...Object.keys(plain)])]
    .filter((name) => {
      const [n, of] = [ours[name] ?? 0, plain[name] ?? 0];
      return Math.abs(n - of) > Math.max(tolerance, tolerance > 0 ? of * share : 0);
    })
    .map((name) => `${name}: ours ${ours[name] ?? 0}, plain ${plain[name] ?? 0}`);
}
