import type { ErrorTable } from './failure.ts';

/**
 * Texts of the server's AuthError, also inside the client's `Failed to authenticate: "...", check your server auth config`
 * and in what ConvexHttpClient throws: convex-backend crates/authentication, with convex 1.48.0.
 */
export const convexMessages: ErrorTable = [
  [/No auth provider found|AuthConfigMissingEnvironmentVariable/, 'misconfigured'],
  // customJwt: issuer, audience, keys, claims
  [/(Invalid|Missing) (audience|issuer)|Could not decode token|Invalid JWKS data URL/, 'misconfigured'],
  [/Could not (parse JWT payload|parse as OIDC ID token|verify token claim)/, 'misconfigured'],
  // Signature, expiry or a clock that is wrong: a new token settles the first two. customJwt says the second of exp and nbf.
  [/Could not (verify OIDC token claim|validate token)/, 'clock_skew'],
  [/Convex token identity expired/, 'unknown'],
  // Says the same of a wrong domain: whoever sees it again and again looks at the configuration.
  [/Auth provider discovery of .* failed|Could not fetch JWKS|Invalid JWKS response body|when fetching JWKS/, 'server'],
  // sync/request_manager, 1.48.0: an action is not repeated by the client
  [/Connection lost while action was in flight/, 'network'],
  // sync/web_socket_manager, serverDisconnectErrors, 1.48.0
  [
    /\b(InternalServerError|ExpiredInQueue|TooManyConcurrentRequests|(Committer|Execute)FullError|SystemTimeoutError)\b/,
    'server',
  ],
  // A function's own error, whatever it says: "Not authenticated" means that no identity arrived, and identity comes back.
  [/^\[CONVEX /, 'unknown'],
];

/** What marks a ConvexError: values/errors, 1.48.0. */
export const convexErrorMark = /* @__PURE__ */ Symbol.for('ConvexError');
