import { allRanges, isRecord, type Ranges, rangesOf } from '../project/packageJson.ts';
import { parseYaml } from '../project/parseYaml.ts';
import type { ReadLock } from './lockfile.ts';
import { type Copy, reachableVersions } from './reach.ts';
import { matters } from './versions.ts';

interface Entry {
  readonly id: string;
  readonly version: string;
  readonly dependencies: Ranges;
  /** A package of the workspace. */
  readonly isOwn: boolean;
}

/** yarn.lock, of version 1 and of Berry: entries by what was asked for (`react@^19.0.0`, `react@npm:^19.0.0`). */
export const installedInYarnLock: ReadLock = async (text, { json, others }) => {
  const entries = /^__metadata:/m.test(text) ? berryEntries(text) : classicEntries(text);
  if (entries.size === 0) throw new TypeError('no lockfile');
  const byId = new Map<string, Entry>();
  const find = (name: string, range: string): Copy | undefined => {
    const found = [range, `npm:${range}`, range.replace(/^npm:/, '')]
      .map((spelled) => entries.get(`${name}@${spelled}`))
      .find((entry) => entry !== undefined);
    // Version 1 knows nothing of the workspace's own.
    if (!found) return others.has(name) ? { id: `workspace:${name}`, name } : undefined;
    // Two entries of one version are one copy, as a rule: which places it is in a lockfile does not say.
    const id = found.isOwn ? found.id : `${name}@${found.version}`;
    byId.set(id, found);
    return { id, name, ...(!found.isOwn && { version: found.version }) };
  };
  const findAll = (ranges: Ranges): readonly Copy[] =>
    Object.entries(ranges)
      .map(([name, range]) => find(name, range))
      .filter((copy) => copy !== undefined);

  const runs = { ...json.optionalDependencies, ...json.dependencies };
  const direct = Object.entries(allRanges(json)).filter(([name]) => matters(name) || name in runs);
  return reachableVersions(findAll(Object.fromEntries(direct)), ({ id, name }) => {
    const entry = byId.get(id);
    if (entry) return findAll(entry.dependencies);
    const own = others.get(name);
    return findAll({ ...own?.optionalDependencies, ...own?.dependencies });
  });
};

function berryEntries(text: string): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  const lock: unknown = parseYaml(text);
  if (!isRecord(lock)) return found;
  for (const [key, value] of Object.entries(lock)) {
    if (key === '__metadata' || !isRecord(value)) continue;
    const entry: Entry = {
      id: key,
      version: String(value.version),
      dependencies: rangesOf(value.dependencies),
      isOwn: String(value.resolution).includes('@workspace:'),
    };
    for (const asked of key.split(', ')) found.set(asked, entry);
  }
  return found;
}

/** Version 1 is no YAML: `react@^19.0.0, react@^19:` and below it, by their indent, `version "19.0.0"` and `dependencies:`. */
function classicEntries(text: string): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  let version: string | undefined;
  let dependencies: Record<string, string> = {};
  let keys: readonly string[] = [];
  let isInDependencies = false;
  const close = (): void => {
    if (version === undefined) return;
    const entry: Entry = { id: keys.join(', '), version, dependencies, isOwn: false };
    for (const asked of keys) found.set(asked, entry);
    version = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith(' ')) {
      close();
      keys = line.replace(/:$/, '').split(', ').map(unquoted);
      dependencies = {};
      isInDependencies = false;
    } else if (line.startsWith('    ')) {
      const [name, range] = wordsOf(line);
      if (isInDependencies && name !== undefined && range !== undefined) dependencies[name] = range;
    } else {
      const [name, value] = wordsOf(line);
      isInDependencies = name === 'dependencies:' || name === 'optionalDependencies:';
      if (name === 'version') version = value;
    }
  }
  close();
  return found;
}

const unquoted = (text: string): string => text.replace(/^"|"$/g, '');
const wordsOf = (line: string): readonly string[] => (line.match(/"[^"]*"|\S+/g) ?? []).map(unquoted);
