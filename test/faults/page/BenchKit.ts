import type { AuthEvent } from 'clerk-convex-resilience';
import type { ConvexReactClient } from 'convex/react';
import type { ComponentType, ReactNode } from 'react';
import type { ClerkKit } from './ClerkKit.ts';

/** A Clerk package, and our all-in-one provider for it. */
export interface BenchKit extends ClerkKit {
  /** clerk-js comes by script in it. */
  Bound: ComponentType<{
    publishableKey: string;
    proxyUrl: string;
    client: ConvexReactClient;
    onEvent: (event: AuthEvent) => void;
    children: ReactNode;
  }>;
}
