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
export { AuthErrorHandler, ConvexClerkProvider, UserSync, useAuthHealth } from 'clerk-convex-resilience/react';

/** As in clerk.ts; Clerk 6 loads its components from a second script (@clerk/shared 4.41, loadClerkJsScript). */
export const scriptsBehind = (proxyUrl: string) =>
  proxyUrl.startsWith('http:')
    ? {
        __internal_clerkJSUrl: `${proxyUrl}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`,
        __internal_clerkUIUrl: `${proxyUrl}/npm/@clerk/ui@1/dist/ui.browser.js`,
      }
    : {};
