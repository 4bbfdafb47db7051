import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Major versions of clerk-js that the bench drives. */
export const clerkMajors = [5, 6] as const;
export type ClerkMajor = (typeof clerkMajors)[number];

/** Bundles the page for each clerk-js major from the library's sources; returns the scripts by their path. */
export async function buildPage(): Promise<ReadonlyMap<string, string>> {
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: clerkMajors.map((major) => path(`./page/clerk${major}.tsx`)),
    tsconfig: path('../../tsconfig.json'), // its paths point at the library's sources
    outdir: '/',
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    logLevel: 'error',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}
