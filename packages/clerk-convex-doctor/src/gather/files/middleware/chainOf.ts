import type { ProjectApp } from '../project/projectApps.ts';
import type { LocalModules } from '../source/localModules.ts';
import { readSource, type SourceFile } from '../source/sourceFiles.ts';
import { exportedAs } from '../syntax/exported.ts';

/** As the framework looks for it: Next.js 16 takes `proxy` or the default export, and `middleware` before. */
const middlewareNames = ['default', 'proxy', 'middleware'] as const;

/** A middleware's file, and those that it only hands on: the last one makes it, and exports it under one of these names. */
export interface MiddlewareChain {
  readonly files: readonly [SourceFile, ...SourceFile[]];
  readonly names: readonly string[];
}

const longest = 5;

/** Whatever it is about: one that only hands on says nothing of Clerk. */
export const readModule = (path: string, { root, folder }: ProjectApp): Promise<SourceFile | undefined> =>
  readSource(path, root, folder, undefined, () => true);

export async function chainOf(entry: SourceFile, app: ProjectApp, modules: LocalModules): Promise<MiddlewareChain> {
  const more: SourceFile[] = [];
  let last = entry;
  let names: readonly string[] = middlewareNames;
  while (more.length < longest) {
    const exported = exportedAs(last.program, names);
    if (exported?.kind !== 'imported') break;
    const target = await modules.resolve(exported.imported.from, last.path);
    const next = target.kind === 'file' ? await readModule(target.path, app) : undefined;
    if (!next) break;
    more.push(next);
    last = next;
    names = exported.imported.name === '*' ? [] : [exported.imported.name];
  }
  return { files: [entry, ...more], names };
}
