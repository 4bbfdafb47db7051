import type { Framework } from 'clerk-convex-resilience/diagnosis';
import { envReadsOf } from '../syntax/envReads.ts';
import { type Expression, literalString, type Program, walk } from '../syntax/parseSource.ts';
import { mayBeInBrowser } from './browserEnv.ts';
import type { SourceFile } from './sourceFiles.ts';

/**
 * Which of these variables reach the browser whatever they are called, sorted: a bundler's config speaks of them (`define`,
 * `envPrefix`, `env` of Next.js, `extra` of Expo), or a plugin of Babel does (`@env`); and in Next.js a publishable key that a
 * module of the server reads, since a server has no other use for it. Also where it cannot be told: then there is nothing to say.
 */
export function handedOn(
  framework: Framework,
  files: readonly SourceFile[],
  names: Iterable<string>,
): readonly string[] {
  const found: ((name: string) => boolean)[] = [];
  for (const file of files) {
    if (isBundlers(file.local)) found.push(inConfig(file));
    else if (framework === 'next' && mayBeInBrowser(file.local) && !isClient(file.program)) {
      const read = new Set(envReadsOf(file.program).map(({ name }) => name));
      found.push((name) => name.includes('PUBLISHABLE') && read.has(name));
    }
    const ofPlugin = new Set([...file.imports.values()].flatMap(({ from, name }) => (from === '@env' ? [name] : [])));
    found.push((name) => ofPlugin.has(name));
  }
  return [...new Set(names)]
    .filter((name) => !/^(NEXT_PUBLIC|VITE|EXPO_PUBLIC)_/.test(name) && found.some((has) => has(name)))
    .sort();
}

const isClient = ({ directives }: Program): boolean => directives.some(({ value }) => value.value === 'use client');

const isBundlers = (local: string): boolean =>
  /^(next|vite|app|babel|webpack|metro|rspack|rsbuild|astro|svelte|nuxt|farm)\.config\.[cm]?[jt]s$/.test(local);

function inConfig({ text, program }: SourceFile): (name: string) => boolean {
  // `'process.env': env`, `env: process.env`, `...process.env`; and a plugin that is told to take all.
  if (/(?:\.\.\.|:)\s*(?:process\.)?env\b(?!\s*[.[(])|['"]all['"]/.test(text)) return () => true;
  const words = new Set<string>();
  const prefixes: (string | undefined)[] = [];
  walk(program, (node) => {
    if (node.type === 'Identifier') words.add(node.name);
    const written = literalString(node);
    for (const [word] of (written ?? '').matchAll(/[A-Z_][A-Z_\d]*/g)) words.add(word);
    if (node.type !== 'ObjectExpression') return;
    for (const property of node.properties) {
      if (property.type !== 'ObjectProperty' || property.computed) continue;
      const key = property.key.type === 'Identifier' ? property.key.name : literalString(property.key);
      if (key !== 'envPrefix') continue;
      const value = property.value as Expression;
      const items = value.type === 'ArrayExpression' ? value.elements : [value];
      prefixes.push(...items.map((item) => literalString(item)));
    }
  });
  return (name) =>
    words.has(name) || prefixes.some((prefix) => prefix === undefined || (prefix !== '' && name.startsWith(prefix)));
}
