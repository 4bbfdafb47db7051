import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** Bytes of these exports of the entry `.` (min+gzip), without what is loaded when something is refused. */
async function weigh(names: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${names} } from './dist/index.js';`,
      resolveDir: path('packages/clerk-convex-resilience'),
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    charset: 'utf8',
    external: ['react', 'react-dom', 'convex'],
    plugins: [
      {
        name: 'lazy chunks stay out',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\./ }, ({ kind, path }) =>
            kind === 'dynamic-import' ? { path, external: true } : undefined,
          ),
      },
    ],
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

test('AuthErrorHandler weighs on top of the provider what the README says', async () => {
  const said = /`AuthErrorHandler` weighs [^[]*\[([\d.]+) kB\]/.exec(readFileSync(path('README.md'), 'utf8'))?.[1];
  const weighed = (await weigh('ConvexClerkProvider, AuthErrorHandler')) - (await weigh('ConvexClerkProvider'));
  console.log(`AuthErrorHandler on top of the provider: ${weighed} B`);
  expect(Math.abs(weighed - Number(said) * 1_000)).toBeLessThan(100);
});
