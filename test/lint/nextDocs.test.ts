import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// What docs/next.md tells people to copy is what the example has, which is built and played in a browser.

const root = new URL('../..', import.meta.url);
const read = (file: string) => readFile(fileURLToPath(new URL(file, root)), 'utf8');
/** The lines of `config.matcher`, as they are formatted. */
const matcherOf = (text: string) => text.match(/^ +'\/\(.*',$/gm) ?? [];

/** The part of the page that begins with this comment. */
async function snippet(name: string): Promise<string> {
  const [, text] = (await read('docs/next.md')).split(`\n// ${name}`);
  return (text ?? '').split('\n```')[0] ?? '';
}

it('has one matcher in the docs, the example and the app beside it', async () => {
  const [inDocs, ...others] = await Promise.all([
    snippet('proxy.ts'),
    read('examples/next-app/proxy.ts'),
    read('test/next/plain/proxy.ts'),
  ]);
  expect(matcherOf(inDocs)).toHaveLength(2);
  for (const text of others) expect(matcherOf(text)).toEqual(matcherOf(inDocs));
});

it.each(['app/layout.tsx'])('shows nothing of %s that the example has not', async (file) => {
  const example = await read(`examples/next-app/${file}`);
  const shown = (await snippet(file)).split('\n').filter((line) => /^(import|export) /.test(line));
  expect(shown.length).toBeGreaterThan(2);
  for (const line of shown) expect(example).toContain(line);
});

it('has the style sheet in the layout of both', async () => {
  expect(await snippet('app/layout.tsx')).toContain("import 'clerk-convex-resilience/styles.css';");
});
