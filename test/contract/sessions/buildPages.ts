import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

interface PagesOptions {
  /** @defaultValue one for each clerk-js major */
  readonly pages?: readonly string[];
  readonly plugins?: readonly Plugin[];
}

/**
 * Bundles a page for both clerk-js majors from the library's sources; returns the scripts by their path.
 * @defaultValue folder the page of the session tests; react 19; mode development
 */
export async function buildPages(
  folder = path('./page'),
  react: 18 | 19 = 19,
  mode: 'development' | 'production' = 'development',
  { pages = [5, 6].map((major) => `page${major}.tsx`), plugins = [] }: PagesOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: pages.map((page) => join(folder, page)),
    plugins: [...plugins],
    tsconfig: path('../../../tsconfig.json'), // its paths point at the library's sources
    outdir: '/',
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    logLevel: 'error',
    legalComments: 'none',
    ...(react === 18 && { alias: { react: 'react-18', 'react-dom': 'react-dom-18' } }),
    // React's development build: StrictMode mounts everything twice there.
    define: { 'process.env.NODE_ENV': JSON.stringify(mode), global: 'window' },
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}
