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
export { AuthErrorHandler, ConvexClerkProvider, UserSync, useAuthHealth } from 'clerk-convex-resilience/clerk-react';

/**
 * Props that name Clerk's script behind a plain-http proxy, such as an emulator. Clerk would look for it over https,
 * whatever the proxy's scheme (@clerk/shared 3.48, loadClerkJsScript).
 */
export const scriptsBehind = (proxyUrl: string) =>
  proxyUrl.startsWith('http:') ? { clerkJSUrl: `${proxyUrl}/npm/@clerk/clerk-js@5/dist/clerk.browser.js` } : {};
