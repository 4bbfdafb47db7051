import { walk } from '../syntax/parseSource.ts';
import type { SourceFile } from './sourceFiles.ts';

/** They look for what Clerk's middleware has put into the request, and throw without it (@clerk/nextjs 6 and 7, tanstack-react-start). */
const readers = new Set(['auth', 'currentUser', 'getAuth', 'buildClerkProps']);

/** In a component of Next.js's server, these call `auth()` themselves. */
const guards = new Set(['SignedIn', 'SignedOut', 'Protect', 'Show']);

/** Does something of the app need Clerk's middleware? */
export const usesServerAuth = (files: readonly SourceFile[]): boolean =>
  files.some(callsReader) || files.some(hasGuard);

function callsReader({ imports, program }: SourceFile): boolean {
  const names = new Set<string>();
  const wholes = new Set<string>();
  for (const [local, { from, name }] of imports) {
    if (!/^@clerk\/[\w-]+\/server$/.test(from)) continue;
    if (name === '*') wholes.add(local);
    if (readers.has(name)) names.add(local);
  }
  if (names.size + wholes.size === 0) return false;
  let found = false;
  walk(program, (node) => {
    if (node.type !== 'CallExpression') return;
    // `auth()`, `auth.protect()`, `clerk.auth()`.
    const { callee } = node;
    const name = callee.type === 'MemberExpression' ? callee.object : callee;
    if (name.type === 'Identifier' && (names.has(name.name) || wholes.has(name.name))) found = true;
  });
  return found;
}

const hasGuard = ({ imports, program, local }: SourceFile): boolean =>
  /^(src\/)?app\//.test(local) &&
  program.directives.every(({ value }) => value.value !== 'use client') &&
  [...imports.values()].some(({ from, name }) => from === '@clerk/nextjs' && guards.has(name));
