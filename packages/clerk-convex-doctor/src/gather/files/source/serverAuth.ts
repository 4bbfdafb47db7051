import { memberName, type SyntaxNode, walk } from '../syntax/parseSource.ts';
import type { SourceFile } from './sourceFiles.ts';

/** They look for what Clerk's middleware has put into the request, and throw without it (@clerk/nextjs 6 and 7, tanstack-react-start). */
const readers = new Set(['auth', 'currentUser', 'getAuth', 'buildClerkProps']);

/** In a component of Next.js's server, these call `auth()` themselves. */
const guards = new Set(['SignedIn', 'SignedOut', 'Protect', 'Show']);

/** Does something of the app need Clerk's middleware? */
export const usesServerAuth = (files: readonly SourceFile[]): boolean =>
  files.some(callsReader) || files.some(hasGuard);

function callsReader(file: SourceFile): boolean {
  const isReader = readerIn(file);
  let found = false;
  walk(file.program, (node) => {
    if (isReader(node)) found = true;
  });
  return found;
}

/** Which calls of a file are such: `auth()`, `auth.protect()`, `clerk.auth()`. */
export function readerIn({ imports }: SourceFile): (node: SyntaxNode) => boolean {
  const names = new Set<string>();
  const wholes = new Set<string>();
  for (const [local, { from, name }] of imports) {
    if (!/^@clerk\/[\w-]+\/server$/.test(from)) continue;
    if (name === '*') wholes.add(local);
    if (readers.has(name)) names.add(local);
  }
  return (node) => {
    if (node.type !== 'CallExpression') return false;
    const { callee } = node;
    const name = callee.type === 'MemberExpression' ? callee.object : callee;
    if (name.type !== 'Identifier') return false;
    return names.has(name.name) || (wholes.has(name.name) && readers.has(memberName(callee) ?? ''));
  };
}

/** Which elements of a file of Next.js's server are such: `<SignedIn>`. */
export const guardIn =
  ({ imports }: SourceFile) =>
  (node: SyntaxNode): boolean => {
    if (node.type !== 'JSXElement') return false;
    const { name } = node.openingElement;
    const imported = name.type === 'JSXIdentifier' ? imports.get(name.name) : undefined;
    return imported !== undefined && imported.from === '@clerk/nextjs' && guards.has(imported.name);
  };

/** What runs in the browser. */
export const isClient = ({ program }: SourceFile): boolean =>
  program.directives.some(({ value }) => value.value === 'use client');

const hasGuard = (file: SourceFile): boolean =>
  /^(src\/)?app\//.test(file.local) &&
  !isClient(file) &&
  [...file.imports.values()].some(({ from, name }) => from === '@clerk/nextjs' && guards.has(name));
