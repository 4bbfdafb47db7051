import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// An app that is well downloads nothing of the diagnosis: what its entries import at once has none of it.

const dist = fileURLToPath(new URL('../../packages/clerk-convex-resilience/dist/', import.meta.url));
const read = (file: string): string => readFileSync(dist + file, 'utf8');

/** A built file, and what comes with it at once. */
function withImports(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  for (const [, next = ''] of read(file).matchAll(/\b(?:from|import)\s*["']\.\/([^"']+)["']/g)) withImports(next, seen);
  return [...seen];
}
/** What is loaded when it is needed. */
const lazyOf = (files: readonly string[]): readonly string[] =>
  files.flatMap((file) =>
    [...read(file).matchAll(/\bimport\(["']\.\/([\w-]+?)-\w+\.js["']\)/g)].map(([, name = '']) => name),
  );

/** A check, the severities of all codes, and what every language's words are made with. */
const diagnosis = [
  /function judgeRefusal\b/,
  /JWT_TEMPLATE_MISSING: ["']error["']/,
  /JWT templates/,
  /function writeProse\b/,
];

test.each(['index', 'clerk-react', 'react', 'core', 'devtools', 'testing'])('the entry %s comes without', (entry) => {
  const text = withImports(`${entry}.js`).map(read).join('\n');
  for (const part of diagnosis) expect(text).not.toMatch(part);
});

test('they are there to be loaded, the words of each language by themselves', () => {
  expect([...new Set(lazyOf(withImports('react.js')))].sort()).toEqual([
    'DevelopmentView',
    'askWhySilent',
    'findBlockedScript',
    'findCause',
    'findingsOfProblems',
    'findingsOfStoreUser',
    'tellOfCopies',
  ]);
  const view = readdirSync(dist).find((name) => /^DevelopmentView-\w+\.js$/.test(name)) ?? '';
  expect([...lazyOf([view])].sort()).toEqual(['bn', 'en', 'ru']);
  const everything = readdirSync(dist)
    .filter((name) => name.endsWith('.js'))
    .map(read)
    .join('\n');
  for (const part of diagnosis) expect(everything).toMatch(part);
});
