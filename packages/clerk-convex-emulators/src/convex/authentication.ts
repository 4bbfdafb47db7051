import type { UserIdentity } from 'convex/server';
import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import { type AuthProvider, withProtocol } from './authProviders.ts';
import { ConvexServerError } from './convexError.ts';
import { type AskProvider, discoverKeys, fetchKeys } from './fetchPublicKeys.ts';
import { customIdentity, oidcIdentity } from './identityClaims.ts';

/** Who a function runs as, and until when. */
export interface Identity {
  readonly user: Partial<UserIdentity> & { readonly subject: string };
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Of the token, where it has them. */
  readonly token: { readonly jti?: string; readonly iat?: number };
}

export interface AuthenticationOptions {
  readonly providers: readonly AuthProvider[];
  readonly redact: boolean;
  readonly ask: AskProvider;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Verifies a token in the order, and with the texts, of `validate_id_token` (convex-backend crates/authentication/src/lib.rs).
 * Throws `ConvexServerError`.
 */
export async function authenticate(token: string, options: AuthenticationOptions): Promise<Identity> {
  const payload = readPayload(token);
  const { iss } = payload;
  if (!iss) throw unauthenticated('InvalidAuthHeader', missingIssuer);
  const audiences = payload.aud === undefined ? [] : [payload.aud].flat();
  const provider = options.providers.find((candidate) => matches(candidate, audiences, iss));
  if (!provider) throw unauthenticated('NoAuthProvider', describeNoProvider(options));
  return provider.type === 'oidc'
    ? verifyOidc(token, provider, { ...payload, iss }, audiences, options)
    : verifyCustom(token, provider, { ...payload, iss }, options);
}

type Payload = JWTPayload & { readonly iss: string };

function readPayload(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw unauthenticated(
      'InvalidAuthHeader',
      'Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts separated by dots.',
    );
  }
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

function matches(provider: AuthProvider, audiences: readonly string[], issuer: string): boolean {
  if (provider.applicationID !== undefined && !audiences.includes(provider.applicationID)) return false;
  const domain = provider.type === 'oidc' ? provider.domain : provider.issuer;
  return withoutSlash(domain) === withoutSlash(withProtocol(issuer));
}

function describeNoProvider({ providers, redact }: AuthenticationOptions): string {
  const text = 'No auth provider found matching the given token';
  if (redact) return text;
  if (providers.length === 0) return `${text} (no providers configured). Check convex/auth.config.ts.`;
  const list = providers.map((provider) =>
    provider.type === 'oidc'
      ? `OIDC(domain=${provider.domain}, app_id=${provider.applicationID})`
      : `CustomJWT(issuer=${provider.issuer}, app_id=${provider.applicationID ?? 'none'})`,
  );
  return `${text}. Check that your JWT's issuer and audience match one of your configured providers: [${list.join(', ')}]`;
}

async function verifyOidc(
  token: string,
  provider: Extract<AuthProvider, { type: 'oidc' }>,
  payload: Payload,
  audiences: readonly string[],
  { ask, now }: AuthenticationOptions,
): Promise<Identity> {
  const keys = await discoverKeys(payload.iss, ask);
  const { sub, exp, iat } = payload;
  // The OpenID Connect verifier looks at exp, and neither at nbf nor for an iat to come: no leeway, no clock tolerance.
  const isCurrent = typeof exp === 'number' && typeof iat === 'number' && exp > Math.floor(now / 1000);
  const isForUs = audiences.length === 1 && audiences[0] === provider.applicationID;
  if (!sub || !isCurrent || !isForUs || !(await isSigned(token, keys, ['RS256', 'EdDSA']))) {
    throw unauthenticated(
      'Unauthenticated',
      "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.",
    );
  }
  return { user: oidcIdentity({ ...payload, sub }), expiresAt: exp * 1000, token: idOf(payload) };
}

const toleranceSeconds = 5;

async function verifyCustom(
  token: string,
  provider: Extract<AuthProvider, { type: 'customJwt' }>,
  payload: Payload,
  { ask, now, redact }: AuthenticationOptions,
): Promise<Identity> {
  const keys = await fetchKeys(provider.jwks, ask);
  if (!(await isSigned(token, keys, [provider.algorithm]))) {
    throw unauthenticated('InvalidAuthHeader', describeUnsigned(token, redact));
  }
  const { sub, exp, nbf } = payload;
  const seconds = now / 1000;
  if (exp !== undefined && seconds > exp + toleranceSeconds) {
    throw unauthenticated('InvalidAuthHeader', 'Could not validate token: Token expired');
  }
  if (nbf !== undefined && seconds < nbf - toleranceSeconds) {
    throw unauthenticated('InvalidAuthHeader', 'Could not validate token: Token not valid yet');
  }
  if (!sub || exp === undefined) {
    throw unauthenticated(
      'InvalidAuthHeader',
      'Could not verify token claim. Check that the JWT contains valid claims and matches your auth provider configuration.',
    );
  }
  return { user: customIdentity({ ...payload, sub }), expiresAt: exp * 1000, token: idOf(payload) };
}

const idOf = ({ jti, iat }: Payload): Identity['token'] => ({
  ...(jti !== undefined && { jti }),
  ...(iat !== undefined && { iat }),
});

function describeUnsigned(token: string, redact: boolean): string {
  const { kid } = decodeProtectedHeader(token);
  if (kid === undefined) return "Could not decode token. JWT may be missing a 'kid' (key ID) header.";
  return redact
    ? "Could not decode token. The JWT's 'kid' (key ID) header doesn't match any key in the provider's JWKS, or the JWT signature is invalid."
    : `Could not decode token. The JWT's 'kid' (key ID) header is '${kid}', does this key match any key in the provider's JWKS?`;
}

async function isSigned(token: string, keys: unknown, algorithms: string[]): Promise<boolean> {
  try {
    await compactVerify(token, createLocalJWKSet(keys as JSONWebKeySet), { algorithms });
    return true;
  } catch {
    return false;
  }
}

const missingIssuer =
  "Missing issuer claim ('iss') in JWT payload. The JWT must include an 'iss' claim that matches one of your configured auth providers.";

const unauthenticated = (shortMessage: string, message: string) =>
  new ConvexServerError('unauthenticated', shortMessage, message);
