import { dirname, join, resolve } from 'node:path';
import { isWithin } from '../project/workspace.ts';
import { isFile, readText } from '../readText.ts';
import { type Program, parseSource } from '../syntax/parseSource.ts';
import { tsconfigPaths } from './tsconfigPaths.ts';

/** A file of the project's own, parsed whatever it is about. */
interface LocalModule {
  /** Whole. */
  readonly path: string;
  readonly program: Program;
}

/** Where an import leads: to a file of the project's; to a package; or nobody can tell. */
type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'package' }
  | { readonly kind: 'unknown' };

export interface LocalModules {
  /** Undefined: it cannot be read. */
  read(path: string): Promise<LocalModule | undefined>;
  resolve(from: string, importer: string): Promise<Target>;
}

/** Reads the files that imports lead to. `folder`: of the app, whose tsconfig has the aliases; nothing outside of `top` is read. */
export function createLocalModules(folder: string, top: string): LocalModules {
  const known = new Map<string, Promise<LocalModule | undefined>>();
  let aliases: ReturnType<typeof tsconfigPaths> | undefined;

  async function load(path: string): Promise<LocalModule | undefined> {
    const reading = await readText(path);
    if (reading.status !== 'read') return undefined;
    const parsed = parseSource(reading.text, path);
    return parsed.status === 'parsed' ? { path, program: parsed.program } : undefined;
  }

  async function fileAt(path: string): Promise<string | undefined> {
    if (!isWithin(top, path)) return undefined;
    // `./a.js` may be a.ts.
    const bare = path.replace(/\.[cm]?jsx?$/, '');
    const candidates = [
      ...(/\.[cm]?[jt]sx?$/.test(path) ? [path] : []),
      ...ends.flatMap((end) => [`${bare}.${end}`]),
      ...ends.map((end) => join(path, `index.${end}`)),
    ];
    for (const candidate of candidates) if (await isFile(candidate)) return candidate;
    return undefined;
  }

  return {
    read(path) {
      const found = known.get(path) ?? load(path);
      known.set(path, found);
      return found;
    },
    async resolve(from, importer) {
      if (/^\.{1,2}(\/|$)/.test(from)) {
        const path = await fileAt(resolve(dirname(importer), from));
        return path === undefined ? { kind: 'unknown' } : { kind: 'file', path };
      }
      aliases ??= tsconfigPaths(folder);
      const guesses = /^[@~#]\/(.+)$/.exec(from)?.[1];
      const places = [
        ...(await aliases)(from),
        ...(guesses === undefined ? [] : ['src', '', 'app'].map((name) => join(folder, name, guesses))),
      ];
      for (const place of places) {
        const path = await fileAt(place);
        if (path !== undefined) return { kind: 'file', path };
      }
      return { kind: guesses === undefined && places.length === 0 && !/^[~#/]/.test(from) ? 'package' : 'unknown' };
    },
  };
}

const ends = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'];
