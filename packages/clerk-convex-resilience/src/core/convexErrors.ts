import type { ErrorRow } from './failure.ts';

const seen = 'convex-backend crates/authentication, with convex 1.48.0';

/** Texts of the server's AuthError, also inside the client's `Failed to authenticate: "...", check your server auth config`. */
export const convexMessages: readonly ErrorRow[] = [
  { match: /No auth provider found/, kind: 'misconfigured', seen },
  { match: /Invalid audience/, kind: 'misconfigured', seen },
  { match: /Could not decode token/, kind: 'misconfigured', seen },
  { match: /Could not validate token/, kind: 'misconfigured', seen },
  // Signature, expiry or a clock that is wrong: a new token settles the first two.
  { match: /Could not verify OIDC token claim/, kind: 'clock_skew', seen },
  { match: /Convex token identity expired|Token expired|InvalidAuthHeader.*expired/, kind: 'unknown', seen },
  // Says the same of a wrong domain: whoever sees it again and again looks at the configuration.
  { match: /Auth provider discovery of .* failed/, kind: 'server', seen },
  { match: /Could not fetch JWKS/, kind: 'server', seen },
  { match: /AuthConfigMissingEnvironmentVariable/, kind: 'misconfigured', seen },
  // An app's own word for "no identity arrived": identity comes back, so it is never a sign-out.
  { match: /\[CONVEX .*(Not authenticated|Unauthenticated|Unauthorized)/s, kind: 'unknown', seen: 'convex 1.48.0' },
];
