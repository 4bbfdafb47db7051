import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface Issuer {
  readonly url: string;
  /** A token for Convex, as Clerk's `convex` template makes it. */
  mint(claims: { sub: string; org?: string; lifeSeconds?: number; aud?: string }): Promise<string>;
  /** While true nobody can reach it: what Convex asks of it fails. */
  down: boolean;
  close(): Promise<void>;
}

/** An identity provider of a few lines: the discovery document, its keys, and tokens signed with them. */
export async function createIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: 'issuer', use: 'sig', alg: 'RS256' };
  let count = 0;
  const server = createServer((request, response) => {
    if (issuer.down) return void request.socket.destroy();
    const body = request.url?.includes('jwks')
      ? { keys: [key] }
      : { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks`, id_token_signing_alg_values_supported: ['RS256'] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    down: false,
    mint: ({ sub, org, lifeSeconds = 60, aud = 'convex' }) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ ...(org && { org }), jti: String(++count) })
        .setProtectedHeader({ alg: 'RS256', kid: 'issuer', typ: 'JWT' })
        .setIssuer(issuer.url)
        .setSubject(sub)
        .setAudience(aud)
        .setIssuedAt(now)
        .setExpirationTime(now + lifeSeconds)
        .sign(privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return issuer;
}
