import type { Claims } from '../../core/jwt.ts';

// A token comes from anywhere: that a claim has its type is not known before it is looked at.

/** A claim that must be a text; undefined where it is none, or empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** A claim that must be a time, in seconds; undefined where it is none. */
export const secondsOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Whom the token is for; nobody where it does not say. */
export const audiencesOf = (claims: Claims): readonly string[] =>
  [claims.aud]
    .flat()
    .slice(0, 20)
    .flatMap((audience) => textOf(audience) ?? []);

/**
 * What `exp` and `iat` leave between them must be more than what is taken off at the end: Convex's client renews 10 s
 * before the end (convex 1.48.0, authentication_manager), and clerk-js renews in the background only what lives longer
 * than 17 s (clerk-js 6.40.0). In seconds.
 */
export const neededSeconds = 18;

/** How long the token lives, in seconds; undefined where it does not say. */
export function lifetimeOf(claims: Claims): number | undefined {
  const [exp, iat] = [secondsOf(claims.exp), secondsOf(claims.iat)];
  return exp === undefined || iat === undefined ? undefined : exp - iat;
}
