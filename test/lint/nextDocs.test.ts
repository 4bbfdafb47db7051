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

const shownFiles = ['app/layout.tsx', 'app/profile/error.tsx', 'app/sign-in/[[...sign-in]]/page.tsx'];

it.each(shownFiles)('shows nothing of %s that the example has not', async (file) => {
  const example = await read(`examples/next-app/${file}`);
  const shown = (await snippet(file)).split('\n').filter((line) => /^(import|export) /.test(line));
  expect(shown.length).toBeGreaterThan(2);
  for (const line of shown) expect(example).toContain(line);
});

it('asks the server again in the error.tsx that it shows, and then renders anew, in one transition', async () => {
  const retry = /startTransition\(\(\) => \{\s+router\.refresh\(\);.*\n\s+reset\(\);\s+\}\)/;
  expect(await snippet('app/profile/error.tsx')).toMatch(retry);
  expect(await read('examples/next-app/app/profile/error.tsx')).toMatch(retry);
});

it('has the style sheet in the layout of both', async () => {
  expect(await snippet('app/layout.tsx')).toContain("import 'clerk-convex-resilience/styles.css';");
});

it.each(['README.md', 'packages/clerk-convex-resilience/README.md', 'docs/next.md'])(
  'names in %s the versions that tests are played on',
  async (file) => {
    const apps = ['examples/next-app', 'test/next/versions/next15-clerk6'];
    const text = await read(file);
    for (const app of apps) {
      const { dependencies } = JSON.parse(await read(`${app}/package.json`)) as {
        dependencies: Record<string, string>;
      };
      for (const name of ['next', '@clerk/nextjs']) expect(text).toContain(minorOf(dependencies[name]));
    }
    for (const [, page = '', anchor] of text.matchAll(/(next[\w-]*\.md)#([\w-]+)/g))
      expect((await read(`docs/${page}`)).match(/^#+ .*/gm)?.map(slugOf)).toContain(anchor);
  },
);

/** As GitHub names a heading. */
const slugOf = (heading: string) =>
  heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');

const minorOf = (version = '') => version.split('.').slice(0, 2).join('.');

it('asks package managers for the oldest Next.js that the docs name', async () => {
  const library = JSON.parse(await read('packages/clerk-convex-resilience/package.json')) as Record<
    string,
    Record<string, unknown>
  >;
  expect(library.peerDependencies?.next).toBe('>=15.2.8');
  expect(library.peerDependenciesMeta?.next).toEqual({ optional: true });
  expect(await read('docs/next.md')).toContain('from 15.2.8 on');
});
