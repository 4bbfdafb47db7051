// Stands in for clerk.ts when the app runs on Clerk 6.
export {
  ClerkProvider,
  OrganizationSwitcher,
  SignInButton,
  UserButton,
  useAuth,
  useClerk,
  useUser,
} from '@clerk/react';
export { ConvexClerkProvider, useAuthHealth } from 'clerk-convex-resilience/react';
