import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const library = join(root, 'packages/clerk-convex-resilience');

export interface Entry {
  /** As an app imports it. */
  readonly specifier: string;
  /** The built file. */
  readonly file: string;
}

/** Every key of the package's `exports`, a pattern as all the files that it stands for: nobody has to add an entry here. */
export const entries: readonly Entry[] = Object.entries(
  (JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')) as { exports: Record<string, Target> }).exports,
).flatMap(([key, target]) => {
  const file = typeof target === 'string' ? target : target.default;
  const specifier = `clerk-convex-resilience${key.slice(1)}`;
  if (!key.includes('*')) return { specifier, file };
  const [folder = '', ending = ''] = file.split('*');
  return readdirSync(join(library, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .map((name) => ({ specifier: specifier.replace('*', name), file: file.replace('*', name) }));
});
type Target = string | { readonly default: string };

const endingIn = (ending: string): readonly Entry[] => entries.filter(({ file }) => file.endsWith(ending));
export const scripts = endingIn('.js');
export const styles = endingIn('.css');
export const data = endingIn('.json');

/** What each script exports, by the text of the built files. */
export async function exportsOf(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { metafile } = await build({
    absWorkingDir: library,
    entryPoints: scripts.map(({ file }) => file),
    outdir: 'out',
    outbase: '.',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'neutral',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const byFile = new Map(
    Object.values(metafile.outputs).map(({ entryPoint, exports }) => [`./${entryPoint}`, exports.toSorted()]),
  );
  return Object.fromEntries(scripts.map(({ specifier, file }) => [specifier, byFile.get(file) ?? []]));
}
