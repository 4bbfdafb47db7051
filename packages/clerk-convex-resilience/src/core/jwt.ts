/** The claims of a token, as far as this library looks at them. Unverified: good for a message, never for a permission. */
export interface Claims {
  readonly sub?: string;
  readonly sid?: string;
  readonly iss?: string;
  readonly aud?: string | readonly string[];
  readonly azp?: string;
  readonly iat?: number;
  readonly exp?: number;
  readonly nbf?: number;
  readonly org_id?: string;
  readonly [claim: string]: unknown;
}

/** Reads a token's claims without verifying it; null when it is no JWT. */
export const readClaims = (token: string): Claims | null => readPart(token, 1);

/** Whether a token with these claims is meant for Convex. Clerk's Convex integration puts the audience on the session token. */
export const isForConvex = (claims: Readonly<Record<string, unknown>> | null | undefined): boolean =>
  [claims?.aud].flat().includes('convex');

/** Reads a token's header: `kid`, `alg`. */
export const readHeader = (token: string): Readonly<Record<string, unknown>> | null => readPart(token, 0);

function readPart(token: string, at: number): Claims | null {
  try {
    const part = token.split('.')[at];
    if (!part) return null;
    // atob knows neither base64url's alphabet nor UTF-8, and needs no padding.
    const bytes = Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Claims) : null;
  } catch {
    return null;
  }
}
