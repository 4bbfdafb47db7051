import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { clerkMiddleware, createRouteMatcher, getAuth } from '@clerk/nextjs/server';
import type { NextFetchEvent, NextMiddleware, NextRequest, NextResponse } from 'next/server';

/** What tests use of Clerk's package and of Next.js, both as they are published. */
export interface RealClerk {
  readonly clerkMiddleware: typeof clerkMiddleware;
  readonly createRouteMatcher: typeof createRouteMatcher;
  readonly getAuth: typeof getAuth;
}

/** The pair of versions that `NEXT` names, installed by `pnpm test:next`; the package's own where it names none. */
const folder = process.env.NEXT ? `test/next/versions/${process.env.NEXT}/` : 'packages/clerk-convex-resilience/';
// Where there is a DOM, Vite makes something else of `new URL(…, import.meta.url)`.
const here = import.meta.url;
const home = new URL(`../../../../../${folder}`, here);
const require = createRequire(home);

/** What is played against, as it is installed. */
export const playedVersions = ['next', '@clerk/nextjs'].map((name) => {
  const text = readFileSync(new URL(`node_modules/${name}/package.json`, home), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return `${name} ${version}`;
});

/** `next/server`: outside a bundler only `require` finds it. */
export const next = require('next/server') as {
  readonly NextRequest: typeof NextRequest;
  readonly NextResponse: typeof NextResponse;
};

/** @clerk/nextjs, as it is when it starts under these variables: it reads them as it is loaded. */
export function loadClerk(env: Readonly<Record<string, string>>): RealClerk {
  const isClerks = (file: string) => /[\\/]@clerk[\\/]/.test(file);
  const variables = Object.keys(process.env).filter((name) => /CLERK/.test(name));
  const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  for (const file of Object.keys(require.cache).filter(isClerks)) delete require.cache[file];
  for (const name of variables) delete process.env[name];
  Object.assign(process.env, env);
  try {
    return require('@clerk/nextjs/server') as RealClerk;
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
    for (const file of Object.keys(require.cache).filter(isClerks)) delete require.cache[file];
  }
}

export const frontendApi = 'clerk.example.com';
export const liveKeys = { publishableKey: `pk_live_${btoa(`${frontendApi}$`)}`, secretKey: 'sk_live_abcdefgh' };
export const testKeys = { publishableKey: `pk_test_${btoa(`${frontendApi}$`)}`, secretKey: 'sk_test_abcdefgh' };

/** Clerk in an app that has live keys. */
export const loadLiveClerk = (): RealClerk =>
  loadClerk({ NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: liveKeys.publishableKey, CLERK_SECRET_KEY: liveKeys.secretKey });

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** The instance's public key, as `CLERK_JWT_KEY`: tokens are verified without a network. */
export const jwtKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

type Signer = 'clerk' | 'another' | 'nobody';
const keyIds = { clerk: 'ins_1', another: 'ins_2', nobody: 'ins_3' } as const;

/** The public keys of an instance, as its Frontend API and Clerk's Backend API publish them. */
export const jwksOf = (instance: Exclude<Signer, 'nobody'>): { readonly keys: readonly object[] } => ({
  keys: [
    {
      ...(instance === 'clerk' ? pair : other).publicKey.export({ format: 'jwk' }),
      kid: keyIds[instance],
      use: 'sig',
      alg: 'RS256',
    },
  ],
});

/** A session token of user_1, as Clerk would make it at this moment, or with other claims, or signed with another key. */
export function sessionToken(
  now: number,
  claims: Readonly<Record<string, unknown>> = {},
  signedBy: Signer = 'clerk',
): string {
  const at = Math.floor(now / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256', typ: 'JWT', kid: keyIds[signedBy] });
  const body = part({
    sub: 'user_1',
    sid: 'sess_1',
    iss: `https://${frontendApi}`,
    azp: 'https://app.example.com',
    v: 2,
    iat: at,
    nbf: at - 10,
    exp: at + 60,
    ...claims,
  });
  const key = signedBy === 'clerk' ? pair.privateKey : other.privateKey;
  return `${head}.${body}.${sign('RSA-SHA256', Buffer.from(`${head}.${body}`), key).toString('base64url')}`;
}

/** What Clerk's signature of a token is where no secret key is set: HMAC takes an empty one, so anybody can make it. */
export const signatureWithoutKey = (token: string): string => createHmac('sha1', '').update(token).digest('hex');

/** Of a middleware: nothing here waits. */
export const event = { waitUntil: () => {} } as unknown as NextFetchEvent;

/** A request as a browser's navigation, unless other headers are given. */
export function navigation(
  path: string,
  {
    headers = {},
    ...init
  }: { readonly headers?: Readonly<Record<string, string>>; readonly method?: string; readonly body?: string } = {},
): NextRequest {
  return new next.NextRequest(`https://app.example.com${path}`, {
    ...init,
    headers: { accept: 'text/html', 'sec-fetch-dest': 'document', host: 'app.example.com', ...headers },
  });
}

/** What the answer of a middleware does to a request: it goes on to a page, or what it gets instead. */
export function outcomeOf(answer: Awaited<ReturnType<NextMiddleware>>): string {
  if (!answer || answer.headers.get('x-middleware-next') === '1') return 'page';
  const rewrite = answer.headers.get('x-middleware-rewrite');
  // Clerk's way to say 404, and its way to hand over what it knows: the first is of a path that nothing serves.
  if (rewrite) return /\/clerk_\d+$/.test(rewrite) ? '404' : 'page';
  const to = answer.headers.get('location');
  if (to) return /\/v1\/client\/handshake/.test(to) ? 'handshake' : 'sign-in';
  return `${answer.status}`;
}

/** The headers that a page behind the middleware gets, as Next.js makes them of the answer (next 16.4, web/adapter). */
export function forwardedHeaders(request: NextRequest, answer: Response): Headers {
  const names = answer.headers.get('x-middleware-override-headers')?.split(',');
  if (!names) return new Headers(request.headers);
  const headers = new Headers();
  for (const name of names) {
    const value = answer.headers.get(`x-middleware-request-${name}`);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}
