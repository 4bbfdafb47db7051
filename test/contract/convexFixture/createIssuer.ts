import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** An identity provider for tests: discovery, keys, and tokens of any make. */
export interface Issuer {
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: string[];
  readonly jwks: { readonly keys: readonly object[] };
  /** What it does with requests: answers, cuts the connection, or answers with this status. */
  behaviour: 'answer' | 'cut' | number;
  /** `Cache-Control` of its answers. */
  cacheControl: string | undefined;
  mint(token?: {
    sub?: string;
    aud?: string | string[] | null;
    lifeSeconds?: number;
    kid?: string | null;
    claims?: JWTPayload;
    issuer?: string;
  }): Promise<string>;
  close(): Promise<void>;
}

const keyPair = generateKeyPair('RS256');
let minted = 0;

export async function createIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await keyPair;
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key_1', alg: 'RS256', use: 'sig' }] };
  const server = createServer((request, response) => {
    issuer.requests.push(request.url ?? '');
    if (issuer.behaviour === 'cut') return void request.socket.destroy();
    if (typeof issuer.behaviour === 'number') {
      response.writeHead(issuer.behaviour);
      return void response.end('Unavailable');
    }
    response.setHeader('content-type', 'application/json');
    if (issuer.cacheControl) response.setHeader('cache-control', issuer.cacheControl);
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    response.end(JSON.stringify(isDiscovery ? { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` } : jwks));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  const issuer: Issuer = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    jwks,
    behaviour: 'answer',
    cacheControl: undefined,
    mint({ sub = 'user_1', aud = 'convex', lifeSeconds = 60, kid = 'key_1', claims = {}, issuer: iss } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const token = new SignJWT({ name: 'Ada', jti: String(++minted), ...claims })
        .setProtectedHeader({ alg: 'RS256', ...(kid !== null && { kid }) })
        .setIssuer(iss ?? issuer.url)
        .setSubject(sub)
        .setIssuedAt(now)
        .setExpirationTime(now + lifeSeconds);
      return (aud === null ? token : token.setAudience(aud)).sign(privateKey);
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return issuer;
}
