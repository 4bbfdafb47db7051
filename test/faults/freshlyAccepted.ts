import type { AuthenticationEvent } from 'clerk-convex-emulators';

/**
 * When Convex first accepted a token that Clerk made since then: one that is not older (`iat` is in whole seconds), and that no socket had before.
 * A socket that reconnects sends its old token again, which is no recovery.
 */
export function freshlyAccepted(authentications: readonly AuthenticationEvent[], since: number): number | undefined {
  const known = new Set(authentications.filter(({ at }) => at < since).map(({ jti }) => jti));
  return authentications.find(
    ({ at, kind, jti, iat = 0 }) =>
      kind === 'accepted' && at >= since && iat >= Math.floor(since / 1_000) && !known.has(jti),
  )?.at;
}
