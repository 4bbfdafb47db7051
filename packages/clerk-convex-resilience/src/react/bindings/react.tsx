'use client';
import { ClerkProvider, useAuth, useClerk } from '@clerk/react';
import type { ComponentProps, ReactNode } from 'react';
import { BoundProvider, type BoundProviderProps } from '../BoundProvider.tsx';

const binding = { ClerkProvider, useAuth, useClerk };

export type ConvexClerkProviderProps = BoundProviderProps<ComponentProps<typeof ClerkProvider>>;

/** Clerk, Convex and what stands between them, for `@clerk/react` 6. Renders `fallback` when a key or URL is missing. */
export function ConvexClerkProvider(props: ConvexClerkProviderProps): ReactNode {
  return <BoundProvider binding={binding} props={props} />;
}
