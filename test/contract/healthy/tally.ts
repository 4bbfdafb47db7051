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

/** What differs, as lines to read; empty when nothing does. */
export const differences = (ours: Tally, plain: Tally): string[] => lines(ours, plain, (n, of) => n !== of);

/** What ours has more of than plain, by more than the slack that its name has, as lines to read. Fewer is no fault. */
export const excess = (ours: Tally, plain: Tally, slack: (name: string) => number): string[] =>
  lines(ours, plain, (n, of, name) => n > of + slack(name));

function lines(ours: Tally, plain: Tally, tells: (n: number, of: number, name: string) => boolean): string[] {
  return [...new Set([...Object.keys(ours), ...Object.keys(plain)])]
    .filter((name) => tells(ours[name] ?? 0, plain[name] ?? 0, name))
    .map((name) => `${name}: ours ${ours[name] ?? 0}, plain ${plain[name] ?? 0}`);
}
