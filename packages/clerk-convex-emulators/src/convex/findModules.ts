import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { EmulatorError } from '../errors.ts';

/** The files of a `convex/` folder that hold functions, and the ones with a role. Paths have no extension and use `/`. */
export interface FunctionFiles {
  /** Module path (`messages`, `admin/users`) to file. */
  readonly modules: ReadonlyMap<string, string>;
  readonly authConfig: string | undefined;
}

const extension = /\.(?:[mc]?[jt]s|[jt]sx)$/;

/** Finds them by the rules of `convex dev` (convex/src/bundler/index.ts 1.48): one dot, no leading dot, no `_generated`. */
export function findModules(dir: string): FunctionFiles {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new EmulatorError(
      'invalid_option',
      `There is no folder ${dir}. Give \`dir\` the path of your app's convex/ folder.`,
    );
  }
  const modules = new Map<string, string>();
  let authConfig: string | undefined;
  for (const file of filesBelow(dir)) {
    const path = relative(dir, file).split(sep).join('/');
    const name = basename(file);
    if (/^auth\.config\.[jt]s$/.test(path)) authConfig = file;
    else if (!extension.test(name) || /^[.#]/.test(name) || path.includes(' ')) continue;
    // Tests, declarations and configurations have more than one dot.
    else if (name.split('.').length === 2) modules.set(path.replace(extension, ''), file);
  }
  return { modules, authConfig };
}

function* filesBelow(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '_generated' && entry.name !== 'node_modules') yield* filesBelow(path);
    } else yield path;
  }
}
