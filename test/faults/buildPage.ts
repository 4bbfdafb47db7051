import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Major versions of clerk-js that the bench drives. */
export const clerkMajors = [5, 6] as const;
export type ClerkMajor = (typeof clerkMajors)[number];

/** The scripts of the page: one for each of these. */
export const pageVariants = clerkMajors.flatMap((major) =>
  ([18, 19] as const).flatMap((react) => [true, false].map((strict) => ({ major, react, strict }))),
);
export type PageVariant = (typeof pageVariants)[number];

/** Bundles a script of the page from the library's sources. */
export async function buildPage({ major, react, strict }: PageVariant): Promise<string> {
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [path(`./page/clerk${major}.tsx`)],
    tsconfig: path('../../tsconfig.json'), // its paths point at the library's sources
    outdir: '/',
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    logLevel: 'error',
    legalComments: 'none',
    minify: true, // as apps are; and the bench gets through a tenth faster
    ...(react === 18 && { alias: { react: 'react-18', 'react-dom': 'react-dom-18' } }),
    // StrictMode does nothing in React's production build.
    define: { 'process.env.NODE_ENV': strict ? '"development"' : '"production"', global: 'window' },
  });
  const [script] = outputFiles;
  if (!script) throw new Error('esbuild returned no script for the page.');
  return script.text;
}
