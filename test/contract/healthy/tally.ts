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

/** Of what happens every few seconds, a busy machine loses some: clerk-js's poller of the two sides was seen to be 4 % apart. */
const share = 0.05;

/** What differs by more than the tolerance, as lines to read; empty when nothing does. Without a tolerance nothing may. */
export function differences(ours: Tally, plain: Tally, tolerance = 0): string[] {
  return [...new Set([...Object.keys(ours), ...Object.keys(plain)])]
    .filter((name) => {
      const [n, of] = [ours[name] ?? 0, plain[name] ?? 0];
      return Math.abs(n - of) > Math.max(tolerance, tolerance > 0 ? of * share : 0);
    })
    .map((name) => `${name}: ours ${ours[name] ?? 0}, plain ${plain[name] ?? 0}`);
}
