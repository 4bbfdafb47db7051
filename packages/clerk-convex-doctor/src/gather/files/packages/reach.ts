import { compareVersions, matters } from './versions.ts';

/** One installed copy of a package. */
export interface Copy {
  /** Its place: two copies of one version have two. */
  readonly id: string;
  readonly name: string;
  /** Absent: it is a package of the workspace, at hand and not installed. */
  readonly version?: string;
}

/** So many packages are looked at, at most: a large app has about 2,000. */
const mostCopies = 20_000;

/**
 * Versions of the packages that matter, of every copy that the first ones lead to. Two copies of one version in two places
 * are two: React and Convex keep their contexts in each.
 */
export async function reachableVersions(
  first: readonly Copy[],
  next: (copy: Copy) => Promise<readonly Copy[]> | readonly Copy[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const seen = new Set<string>();
  const found = new Map<string, string[]>();
  const waiting = [...first];
  for (let copy = waiting.pop(); copy && seen.size < mostCopies; copy = waiting.pop()) {
    if (seen.has(copy.id)) continue;
    seen.add(copy.id);
    if (copy.version !== undefined && matters(copy.name))
      found.set(copy.name, [...(found.get(copy.name) ?? []), copy.version]);
    waiting.push(...(await next(copy)));
  }
  for (const versions of found.values()) versions.sort(compareVersions);
  return found;
}
