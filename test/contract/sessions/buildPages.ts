import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** Bundles the page for both clerk-js majors from the library's sources; returns the scripts by their path. */
export async function buildPages(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [path('./page/page5.tsx'), path('./page/page6.tsx')],
    tsconfig: path('../../../tsconfig.json'), // its paths point at the library's sources
    outdir: '/',
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    logLevel: 'error',
    legalComments: 'none',
    // React's development build: StrictMode mounts everything twice there.
    define: { 'process.env.NODE_ENV': '"development"', global: 'window' },
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}
