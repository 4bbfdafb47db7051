import type { ErrorTable } from './failure.ts';

/**
 * Texts of the server's AuthError, also inside the client's `Failed to authenticate: "...", check your server auth config`:
 * convex-backend crates/authentication, with convex 1.48.0.
 */
export const convexMessages: ErrorTable = [
  [/No auth provider found|Invalid audience|Could not (decode|validate) token/, 'misconfigured'],
  [/AuthConfigMissingEnvironmentVariable/, 'misconfigured'],
  // Signature, expiry or a clock that is wrong: a new token settles the first two.
  [/Could not verify OIDC token claim/, 'clock_skew'],
  [/Convex token identity expired/, 'unknown'],
  // Says the same of a wrong domain: whoever sees it again and again looks at the configuration.
  [/Auth provider discovery of .* failed|Could not fetch JWKS/, 'server'],
  // An app's own word for "no identity arrived": identity comes back, so it is never a sign-out.
  [/\[CONVEX .*(Not authenticated|Unauthenticated|Unauthorized)/s, 'unknown'],
];
