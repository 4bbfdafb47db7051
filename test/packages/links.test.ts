import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// Who has installed a package has its README and what it carries, and no repository around it.

const packages = fileURLToPath(new URL('../../packages', import.meta.url));
const published = 'https://unpkg.com/clerk-convex-resilience/';

/** The README and the documents that are packed with it. */
function textsOf(name: string): string[] {
  const docs = join(packages, name, 'dist/docs');
  const packed = statSync(docs, { throwIfNoEntry: false }) ? readdirSync(docs).map((file) => `dist/docs/${file}`) : [];
  return ['README.md', ...packed];
}

test.each(
  ['clerk-convex-resilience', 'clerk-convex-doctor', 'clerk-convex-emulators'].flatMap((name) =>
    textsOf(name).map((text) => [name, text] as const),
  ),
)('%s: what %s links to is in the package, or on the web', (name, text) => {
  const links = [...readFileSync(join(packages, name, text), 'utf8').matchAll(/(?<!!)\]\(([^)\s#]+)(?:#[^)]*)?\)/g)];
  const missing = links.flatMap(([, link = '']) => {
    const file = link.startsWith(published)
      ? join(packages, 'clerk-convex-resilience', link.slice(published.length))
      : join(packages, name, dirname(text), link);
    if (/^https?:/.test(link) && !link.startsWith(published)) return [];
    const isPacked = file.endsWith('/README.md') || file.includes('/dist/');
    return isPacked && statSync(file, { throwIfNoEntry: false }) ? [] : [link];
  });
  expect(missing).toEqual([]);
});

test('the guides are packed', () => {
  expect(textsOf('clerk-convex-resilience')).toContain('dist/docs/next.md');
});
