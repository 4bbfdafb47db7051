import { matters } from './versions.ts';

/** One installed copy of a package. */
export interface Copy {
  /** Its place: two copies of one version have two. */
  readonly id: string;
  readonly name: string;
  /** Absent: it is a package of the workspace, at hand and not installed. */
  readonly version?: string;
}

/** A copy that the app comes to. */
export interface Reached {
  readonly version: string;
  /** The app itself asks for it, and gets this one. */
  readonly isOwn: boolean;
}

/** So many packages are looked at, at most: a large app has about 2,000. */
const mostCopies = 20_000;

/**
 * Versions of the packages that matter, of every copy that the first ones lead to. Two copies of one version in two places
 * are two: React and Convex keep their contexts in each. Of Convex, what a package of the workspace has besides is left out
 * where the version is the same and the package has no React: it may well be the functions, and no page has it.
 */
export async function reachableVersions(
  first: readonly Copy[],
  next: (copy: Copy) => Promise<readonly Copy[]> | readonly Copy[],
): Promise<ReadonlyMap<string, readonly Reached[]>> {
  const seen = new Set<string>();
  const isFirst = ({ id }: Copy): boolean => first.some((one) => one.id === id);
  const found = new Map<string, Reached[]>();
  const besides: { readonly name: string; readonly version: string }[] = [];
  const ofWorkspace = new Set<string>();
  const waiting = [...first];
  for (let copy = waiting.pop(); copy && seen.size < mostCopies; copy = waiting.pop()) {
    if (seen.has(copy.id)) continue;
    seen.add(copy.id);
    const { id, name, version } = copy;
    if (version !== undefined && matters(name)) {
      if (name === 'convex' && ofWorkspace.has(id)) besides.push({ name, version });
      else found.set(name, [...(found.get(name) ?? []), { version, isOwn: isFirst(copy) }]);
    }
    const inner = await next(copy);
    const isForPages = inner.some((each) => each.name === 'react');
    if (version === undefined && !isForPages) for (const each of inner) if (!isFirst(each)) ofWorkspace.add(each.id);
    waiting.push(...inner);
  }
  for (const { name, version } of besides) {
    const versions = found.get(name) ?? [];
    if (!versions.some((one) => one.version === version)) found.set(name, [...versions, { version, isOwn: false }]);
  }
  return found;
}
