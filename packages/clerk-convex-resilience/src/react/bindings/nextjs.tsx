'use client';
import { ClerkProvider, useAuth, useClerk } from '@clerk/nextjs';
import type { ComponentProps, ReactNode } from 'react';
import { BoundProvider, type BoundProviderProps } from '../BoundProvider.tsx';
import { variables } from './next/variables.ts';

// What a client component gets of @clerk/nextjs 7.9: `ClerkProvider` is a server component where servers render alone, and
// the client's own here (`#components` of dist/esm/package.json).
const binding = { ClerkProvider, useAuth, useClerk, variables };

export type ConvexClerkProviderProps = BoundProviderProps<ComponentProps<typeof ClerkProvider>>;

/** Clerk, Convex and what stands between them, for `@clerk/nextjs`. Renders `fallback` when a key or URL is missing. */
export function ConvexClerkProvider(props: ConvexClerkProviderProps): ReactNode {
  return <BoundProvider binding={binding} props={props} />;
}
