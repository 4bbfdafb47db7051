'use client';
import { ConvexReactClient } from 'convex/react';
import { useContext } from 'react';
import type { ConvexClerkProviderOptions } from './ConvexClerkProvider.tsx';
import { LocaleContext } from './LocaleContext.ts';

/**
 * Has a second copy of React named. Where another copy renders than the one that this library has, no hook of it works: they
 * throw, here as anywhere.
 */
export function useOneReact(options: ConvexClerkProviderOptions): void {
  try {
    // biome-ignore lint/correctness/useHookAtTopLevel: always called, and its error goes on
    useContext(LocaleContext);
  } catch (error) {
    tell('REACT_DUPLICATED', options);
    throw error;
  }
}

/**
 * Has a second copy of `convex/react` named: the client is of one, and the providers that this library renders are of the
 * other, so that the app's own hooks do not find them. A client of the app's own making is left alone.
 */
export function tellOfOtherConvex(client: object, options: ConvexClerkProviderOptions): void {
  // While rendering: a tree whose hooks throw has no effects.
  if ('listeners' in client && !(client instanceof ConvexReactClient)) tell('CONVEX_DUPLICATED', options);
}

function tell(code: 'REACT_DUPLICATED' | 'CONVEX_DUPLICATED', options: ConvexClerkProviderOptions): void {
  void import('./tellOfCopies.ts').then((it) => it.tellOfCopies(code, options)).catch(() => {}); // what the app throws is there without it
}
