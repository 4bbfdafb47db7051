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
  readonly organization?: { readonly id: string } | null;
  readonly user?: {
    readonly updatedAt: Date | null;
    readonly organizationMemberships: ReadonlyArray<{ readonly organization: { readonly id: string } }>;
  } | null;
  setActive(to: { session?: string; organization?: string | null }): Promise<unknown>;
  signOut(): Promise<unknown>;
}
