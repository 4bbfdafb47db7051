import { bare, lineOf, memberName, walk } from '../syntax/parseSource.ts';
import { componentOrigin } from './componentOrigin.ts';
import type { SourceFile } from './sourceFiles.ts';

/**
 * Where `ConvexProvider` is rendered in an app that has Clerk's provider, while nothing hands Convex a token: no provider of
 * another name, and no `setAuth`. Beside one that does, it is there for what is public. Of several the one that is in a
 * file with Clerk.
 */
export function plainProviderIn(files: readonly SourceFile[]): string | undefined {
  if (files.some(handsTokenOn)) return undefined;
  let hasClerk = false;
  const found: { readonly at: string; readonly isBesideClerk: boolean }[] = [];
  for (const file of files) {
    const isBesideClerk = [...file.imports.values()].some(({ from }) => from.startsWith('@clerk/'));
    walk(file.program, (node) => {
      if (node.type !== 'JSXElement') return;
      const origin = componentOrigin(node, file, files);
      if (origin?.name === 'ClerkProvider' && origin.from.startsWith('@clerk/')) hasClerk = true;
      if (origin?.name === 'ConvexProvider' && origin.from === 'convex/react')
        found.push({ at: `${file.shown}:${lineOf(node.openingElement)}`, isBesideClerk });
    });
  }
  return hasClerk ? (found.find(({ isBesideClerk }) => isBesideClerk) ?? found[0])?.at : undefined;
}

/** `ConvexProviderWithClerk`, `ConvexProviderWithAuth`, `ConvexClerkProvider`, `ConvexBetterAuthProvider`: imported is as good as rendered. */
const isOfAuth = (name: string): boolean => /^Convex\w*Provider/.test(name) && name !== 'ConvexProvider';

function handsTokenOn({ imports, program }: SourceFile): boolean {
  if ([...imports.values()].some(({ name }) => isOfAuth(name))) return true;
  let found = false;
  walk(program, (node) => {
    if (node.type !== 'CallExpression') return;
    // A client of HTTP's takes a token for one request of a server; the page's takes a function that fetches them.
    const { callee } = node;
    if (memberName(callee) !== 'setAuth') return;
    const { object } = callee as Extract<typeof callee, { type: 'MemberExpression' }>;
    const inner = bare(object as Parameters<typeof bare>[0]);
    const name = memberName(inner) ?? (inner.type === 'Identifier' ? inner.name : '');
    if (!/http/i.test(name)) found = true;
  });
  return found;
}
