// The one module that names a Clerk package. `vite.config.ts` puts clerk6.ts in its place for VITE_CLERK_MAJOR=6.
export {
  ClerkProvider,
  OrganizationSwitcher,
  SignInButton,
  UserButton,
  useAuth,
  useClerk,
  useUser,
} from '@clerk/clerk-react';
export { ConvexClerkProvider, useAuthHealth } from 'clerk-convex-resilience/clerk-react';
