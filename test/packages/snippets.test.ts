import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { namesIn, readSnippets, type Snippet } from './snippets/readSnippets.ts';

// The code of every README and guide compiles, strictly, against the types that are packed. What stands around a snippet, and
// where: snippets/readSnippets.ts.

const root = fileURLToPath(new URL('../..', import.meta.url));
const world = fileURLToPath(new URL('snippets/readersWorld.ts', import.meta.url));
const names = [...namesIn(readFileSync(world, 'utf8')).own].flatMap(([name, isExported]) => (isExported ? [name] : []));
const snippets = readSnippets({ file: world, names });

/** Folders that nothing else looks into, and from which an import finds what the app has installed. */
const folderOf = (app: Snippet['app']): string => join(root, 'examples', app, 'node_modules/.snippets');
const pathOf = ({ app, file }: Snippet): string => join(folderOf(app), file);

/** A hook's early return, and a handler's: cut out of a function that the document does not show. */
const isReturnOutsideOfAFunction = (line: string): boolean => line.includes('error TS1108:');

/** What the compiler says, each at its line of the document. */
function compile(): string[] {
  const apps = ['vite-app', 'next-app'] as const;
  for (const app of apps) rmSync(folderOf(app), { recursive: true, force: true });
  for (const snippet of snippets) {
    mkdirSync(dirname(pathOf(snippet)), { recursive: true });
    writeFileSync(pathOf(snippet), snippet.text);
  }
  const readersApi = fileURLToPath(new URL('snippets/readersApi.ts', import.meta.url));
  for (const app of apps) {
    const api = join(folderOf(app), 'convex/_generated/api.ts');
    mkdirSync(dirname(api), { recursive: true });
    writeFileSync(api, `export * from '${readersApi}';`);
  }
  const config = join(folderOf('vite-app'), 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        noEmit: true,
        declaration: false,
        allowImportingTsExtensions: true,
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
        // What a block leaves to its reader is imported before it, types as values.
        isolatedModules: false,
        // Few apps have it, and Clerk's own props are not made for it.
        exactOptionalPropertyTypes: false,
        verbatimModuleSyntax: false,
        // As if they stood in the app itself.
        paths: {
          // Not installed in the examples.
          'clerk-convex-doctor': [join(root, 'packages/clerk-convex-doctor/dist/index.d.ts')],
          '@playwright/test': [fileURLToPath(new URL('snippets/playwrightTest.d.ts', import.meta.url))],
        },
        rootDirs: apps.flatMap((app) => [folderOf(app), join(root, 'examples', app)]),
      },
      files: [join(root, 'examples/vite-app/src/vite-env.d.ts'), ...snippets.map(pathOf)],
    }),
  );
  const compiler = join(root, 'node_modules/typescript-7/bin/tsc');
  try {
    execFileSync(process.execPath, [compiler, '-p', config, '--pretty', 'false'], { encoding: 'utf8', stdio: 'pipe' });
    return [];
  } catch (error) {
    const { stdout } = error as { readonly stdout: string };
    return stdout.split('\n').filter((line) => line.includes('error TS') && !isReturnOutsideOfAFunction(line));
  }
}

test('every snippet of the documents compiles', { timeout: 120_000 }, () => {
  expect(snippets.length).toBeGreaterThan(50);
  const said = compile().map((line) => {
    const of = snippets.find(({ file }) => line.includes(file));
    return of ? line.replace(/^.*?\((\d+),\d+\)/, `${of.document}:$1`) : line;
  });
  expect(said).toEqual([]);
});

test('what the reader has besides is asked for by some snippet', () => {
  const unused = names.filter(
    (name) => !snippets.some(({ text }) => text.includes(`import { ${name} } from '${world}'`)),
  );
  expect(unused).toEqual([]);
});
