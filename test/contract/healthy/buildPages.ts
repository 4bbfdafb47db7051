import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export interface BuiltPages {
  /** Scripts by their path: `/page5.js`, `/page6.js`. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Runs before anything of a page. */
  readonly instruments: string;
}

const common = {
  tsconfig: path('../../../tsconfig.json'), // its paths point at the library's sources
  absWorkingDir: path('../../../'),
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  logLevel: 'error',
  legalComments: 'none',
} as const;

/**
 * Bundles the page for both clerk-js majors from the library's sources, and what watches it. Not minified: each module
 * keeps the comment with its path, by which a line of the script is told whose it is.
 */
export async function buildPages(mode: 'production' | 'development'): Promise<BuiltPages> {
  const [pages, instruments] = await Promise.all([
    build({
      ...common,
      entryPoints: [path('./page/page5.tsx'), path('./page/page6.tsx')],
      outdir: '/',
      jsx: 'automatic',
      alias: { 'react-dom/client': 'react-dom/profiling' }, // in a production build only this one calls a Profiler
      define: { 'process.env.NODE_ENV': JSON.stringify(mode), global: 'window' },
    }),
    buildInstruments(),
  ]);
  return { scripts: new Map(pages.outputFiles.map(({ path, text }) => [path, text])), instruments };
}

/** What watches a page: to be run before anything of it. */
export async function buildInstruments(): Promise<string> {
  const { outputFiles } = await build({ ...common, entryPoints: [path('./page/instruments.ts')], target: 'es2022' });
  return outputFiles[0]?.text ?? '';
}
