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

/** What differs by more than the tolerance, as lines to read; empty when nothing does. */
export function differences(ours: Tally, plain: Tally, tolerance = 0): string[] {
  return [...new Set([...Object.keys(ours), ...Object.keys(plain)])]
    .filter((name) => Math.abs((ours[name] ?? 0) - (plain[name] ?? 0)) > tolerance)
    .map((name) => `${name}: ours ${ours[name] ?? 0}, plain ${plain[name] ?? 0}`);
}
