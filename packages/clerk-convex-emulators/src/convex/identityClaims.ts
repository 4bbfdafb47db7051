import type { UserIdentity } from 'convex/server';

type Claims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };
type User = Partial<UserIdentity> & { readonly subject: string };

/** Claims of OpenID Connect, and where functions find them (crates/keybroker/src/broker.rs, `from_token`). */
const standard: Readonly<Record<string, string>> = {
  name: 'name',
  given_name: 'givenName',
  family_name: 'familyName',
  nickname: 'nickname',
  preferred_username: 'preferredUsername',
  profile: 'profileUrl',
  picture: 'pictureUrl',
  website: 'websiteUrl',
  email: 'email',
  email_verified: 'emailVerified',
  gender: 'gender',
  birthdate: 'birthday',
  zoneinfo: 'timezone',
  locale: 'language',
  phone_number: 'phoneNumber',
  phone_number_verified: 'phoneNumberVerified',
  address: 'address',
  updated_at: 'updatedAt',
};

/** What a function does not see: it changes with every refresh. The first line is the verifier's own, the second dropped. */
const hidden = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'azp'],
  ...['jti', 'nbf', 'fva'],
]);

/** The identity of a token of an OpenID Connect provider. */
export function oidcIdentity(claims: Claims): User {
  const user: Record<string, unknown> = {};
  for (const [claim, value] of Object.entries(claims)) {
    const attribute = standard[claim];
    if (hidden.has(claim) || value === undefined) continue;
    if (attribute === undefined) user[claim] = value;
    else if (value !== null) user[attribute] = typeof value === 'boolean' ? value : readAttribute(claim, value);
  }
  return { ...user, ...own(claims) };
}

function readAttribute(claim: string, value: unknown): string {
  if (claim === 'updated_at' && typeof value === 'number') return new Date(value * 1000).toISOString();
  if (claim === 'address' && typeof value === 'object') {
    return String((value as { formatted?: unknown } | null)?.formatted ?? '');
  }
  return String(value);
}

/** The identity of a customJwt token: all its own claims, nested ones as `properties.email`. */
export function customIdentity(claims: Claims): User {
  const { iss, sub, aud, exp, iat, nbf, jti, fva, ...rest } = claims;
  return { ...flatten(rest), ...own({ iss, sub }) };
}

function flatten(value: Readonly<Record<string, unknown>>, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.entries(flatten(inner as Record<string, unknown>, `${prefix}${key}.`))
        : [[prefix + key, inner]],
    ),
  );
}

const own = ({ iss, sub }: { iss: string; sub: string }) => ({
  subject: sub,
  issuer: iss,
  tokenIdentifier: `${iss}|${sub}`,
});
