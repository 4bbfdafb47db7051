import type { ConvexProviderWithClerk } from 'convex/react-clerk';
import type { ComponentProps, ComponentType, ReactNode } from 'react';

/** The little of a Clerk package that the page uses: what both majors have in common. */
export interface ClerkKit {
  Provider: ComponentType<{ publishableKey: string; proxyUrl: string; scriptLoaded: boolean; children: ReactNode }>;
  useAuth: ComponentProps<typeof ConvexProviderWithClerk>['useAuth'];
  useClerk: () => BenchClerk;
}

interface BenchClerk {
  readonly status?: string;
  signOut(): Promise<unknown>;
}
