import { dirname, join } from 'node:path';
import type { Imported } from '../syntax/imports.ts';
import { reexportsOf } from '../syntax/imports.ts';
import type { SourceFile } from './sourceFiles.ts';

/** Made once for all of an app's files: each of its imports is looked up. */
const known = new WeakMap<readonly SourceFile[], ReadonlyMap<string, SourceFile>>();

function pathsOf(files: readonly SourceFile[]): ReadonlyMap<string, SourceFile> {
  const paths = known.get(files) ?? new Map(files.map((file) => [withoutEnd(file.path), file]));
  known.set(files, paths);
  return paths;
}

/** The file that an import of the app's own leads to: `./a`, `../a`, and `@/a` or `~/a` as frameworks set them up. */
export function resolveImport(
  from: string,
  importer: SourceFile,
  files: readonly SourceFile[],
): SourceFile | undefined {
  const byPath = pathsOf(files);
  const match = (path: string): SourceFile | undefined => byPath.get(withoutEnd(path)) ?? byPath.get(`${path}/index`);
  if (from.startsWith('.')) return match(join(dirname(importer.path), from));
  const inApp = /^[@~]\/(.+)$/.exec(from)?.[1];
  if (inApp === undefined) return undefined;
  const folder = importer.path.slice(0, importer.path.length - importer.local.length);
  return match(join(folder, 'src', inApp)) ?? match(join(folder, inApp)) ?? match(join(folder, 'app', inApp));
}

/** Does an import, through re-exports of the app's own files, lead to one of these names of a file? */
export function leadsTo(
  imported: Imported,
  importer: SourceFile,
  goal: { readonly file: SourceFile; readonly names: readonly string[] },
  files: readonly SourceFile[],
  depth = 0,
): boolean {
  const target = depth > 5 ? undefined : resolveImport(imported.from, importer, files);
  if (!target) return false;
  if (target === goal.file) return goal.names.includes(imported.name);
  const next = reexportsOf(target.program).get(imported.name);
  if (next) return leadsTo(next, target, goal, files, depth + 1);
  return target.program.body.some(
    (statement) =>
      statement.type === 'ExportAllDeclaration' &&
      imported.name !== 'default' &&
      leadsTo({ from: statement.source.value, name: imported.name }, target, goal, files, depth + 1),
  );
}

const withoutEnd = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, '');

/** Follows re-exports of the app's own files to the package that a name comes from. */
export function packageOf(
  imported: Imported | undefined,
  importer: SourceFile,
  files: readonly SourceFile[],
  depth = 0,
): Imported | undefined {
  if (!imported || depth > 5) return undefined;
  const target = resolveImport(imported.from, importer, files);
  if (!target) return /^[./~]|^@\//.test(imported.from) ? undefined : imported;
  const reexports = reexportsOf(target.program);
  const next = reexports.get(imported.name);
  if (next) return packageOf(next, target, files, depth + 1);
  const all = reexports.get('*');
  return all && packageOf({ from: all.from, name: imported.name }, target, files, depth + 1);
}
