'use client';
import type { ReactNode } from 'react';
import { ConvexClerkProvider, type ConvexClerkProviderProps } from '../nextjs.tsx';
import { ConvexForVisitors } from './ConvexForVisitors.tsx';

/** All that a server component may hand over: plain data and what is rendered. */
export type GuardedAppProps = Omit<ConvexClerkProviderProps, 'fallback' | 'client' | 'onEvent' | 'logger'> & {
  readonly fallback?: ReactNode;
};

/** The client part of `ClerkConfigGuard`: the provider, and the app's public part where there is none to be had. */
export function GuardedApp({ fallback, ...props }: GuardedAppProps): ReactNode {
  return (
    <ConvexClerkProvider
      {...props}
      fallback={<ConvexForVisitors convexUrl={props.convexUrl}>{fallback}</ConvexForVisitors>}
    />
  );
}
