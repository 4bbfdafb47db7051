'use client';
import { ClerkProvider, useAuth, useClerk } from '@clerk/nextjs';
import type { ComponentProps, ReactNode } from 'react';
import { BoundProvider, type BoundProviderProps } from '../BoundProvider.tsx';
import { InNextWords } from './next/InNextWords.tsx';

// What a client component gets of @clerk/nextjs 7.9: `ClerkProvider` is a server component where servers render alone, and
// the client's own here (`#components` of dist/esm/package.json).
const binding = { ClerkProvider, useAuth, useClerk };

export type ConvexClerkProviderProps = BoundProviderProps<ComponentProps<typeof ClerkProvider>>;

/** Clerk, Convex and what stands between them, for `@clerk/nextjs`. Renders `fallback` when a key or URL is missing. */
export function ConvexClerkProvider({ fallback, ...props }: ConvexClerkProviderProps): ReactNode {
  return (
    <BoundProvider
      binding={binding}
      props={{ ...props, fallback: (problems) => <InNextWords problems={problems} fallback={fallback} /> }}
    />
  );
}
