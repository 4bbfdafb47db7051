import { randomBytes } from 'node:crypto';
import { exportJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { ClerkState, Session } from './clerkState.ts';
import { giveBack, takeKeyPair } from './keyPairs.ts';
import { newId } from './newId.ts';
import type { RuntimeSettings } from './readClerkOptions.ts';
import { fillShortcodes } from './templateClaims.ts';

interface TokenOptions {
  /** Name of a JWT template; without one, a session token. */
  readonly template?: string | undefined;
  /** Organisation of the token; null: none. @defaultValue the session's active one */
  readonly organizationId?: string | null | undefined;
}

export interface TokenMinter {
  readonly jwks: { readonly keys: readonly JWK[] };
  mint(session: Session, options?: TokenOptions): Promise<string>;
  /** Signs something else, with the instance's key. `expiresAt`: milliseconds since the epoch. */
  sign(claims: JWTPayload, expiresAt: number): Promise<string>;
  /** It mints no more: another one may have its key, under another id. */
  close(): void;
}

interface TokenMinterOptions {
  readonly state: () => ClerkState;
  readonly settings: () => RuntimeSettings;
  readonly issuer: () => string;
  readonly imageUrl: (userId: string) => string;
  readonly now: () => number;
}

/** Takes a key pair and makes what mints tokens with it. */
export async function createTokenMinter({
  state,
  settings,
  issuer,
  imageUrl,
  now,
}: TokenMinterOptions): Promise<TokenMinter> {
  const keys = await takeKeyPair();
  const kid = newId('ins_');
  let isClosed = false;
  const jwk: JWK = { ...(await exportJWK(keys.publicKey)), kid, use: 'sig', alg: 'RS256' };

  return {
    jwks: { keys: [jwk] },
    mint(session, { template, organizationId = session.activeOrganizationId } = {}) {
      const { tokenLifeSeconds, jwtTemplates, convexIntegration } = settings();
      const definition = template === undefined ? undefined : jwtTemplates[template];
      const organization = organizationId ? state().organizations.get(organizationId) : undefined;
      const membership = session.user.memberships.find((item) => item.organizationId === organization?.id);

      const claims: JWTPayload = definition
        ? fillShortcodes(definition.claims, {
            user: session.user,
            session,
            organization: membership && organization,
            imageUrl: session.user.imageUrl ?? imageUrl(session.user.id),
          })
        : {
            sid: session.id,
            sts: session.task ? 'pending' : 'active',
            v: 2,
            fva: [Math.floor((now() - session.createdAt) / 60_000), -1],
            ...(convexIntegration ? { aud: 'convex' } : {}),
            // Version 2 of the session token leaves `org:` off the role (jwtPayloadParser.ts in @clerk/shared 3.48).
            ...(organization && membership
              ? { o: { id: organization.id, slg: organization.slug, rol: membership.role.replace('org:', '') } }
              : {}),
          };
      if (session.origin) claims.azp = session.origin;

      const issuedAt = Math.floor(now() / 1000);
      const token = new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT', oiat: issuedAt })
        .setIssuer(issuer())
        .setSubject(session.user.id)
        .setJti(randomBytes(10).toString('hex'))
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt - 10)
        .setExpirationTime(issuedAt + (definition?.lifetimeSeconds ?? tokenLifeSeconds));
      return token.sign(keys.privateKey);
    },
    sign: (claims, expiresAt) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(keys.privateKey),
    close() {
      if (isClosed) return;
      isClosed = true;
      giveBack(keys);
    },
  };
}
