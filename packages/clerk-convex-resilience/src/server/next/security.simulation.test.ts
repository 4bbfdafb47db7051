import type { NextMiddleware, NextRequest } from 'next/server';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  event,
  forwardedHeaders,
  jwtKey,
  liveKeys,
  loadClerk,
  navigation,
  next,
  outcomeOf,
  type RealClerk,
  sessionToken,
} from './testClerk.ts';
import { type ClerkGuardOptions, withClerkGuard } from './withClerkGuard.ts';

// Each row is one request: route x session x fault x trick, with the real clerkMiddleware of @clerk/nextjs and the real NextRequest.
// Beside what the guard does stands what clerkMiddleware does alone, in the same fault and when all is well.

const isPublicPath = ['/', '/about(.*)', '/api/webhooks(.*)'];

/** `open`: anybody may have it. */
const routes = [
  { path: '/', open: true },
  { path: '/about', open: true },
  { path: '/api/webhooks/clerk', open: true },
  { path: '/admin', open: false },
  { path: '/api/data', open: false },
] as const;

/** Cookies or a header, made at the moment. */
const sessions: Readonly<Record<string, (now: number) => Readonly<Record<string, string>>>> = {
  nobody: () => ({}),
  'signed in': (now) => cookies(sessionToken(now)),
  'a bearer token': (now) => ({ authorization: `Bearer ${sessionToken(now)}` }),
  'an expired token': (now) => cookies(sessionToken(now - 600_000)),
  'a token signed by somebody else': (now) => cookies(sessionToken(now, {}, 'another')),
  'a token from the future': (now) => cookies(sessionToken(now + 600_000)),
  'no token at all': () => cookies('a.b.c'),
};
const isValid = (session: string): boolean => session === 'signed in' || session === 'a bearer token';
const cookies = (token: string): Readonly<Record<string, string>> => ({
  cookie: `__session=${token}; __client_uat=1700000000`,
});

type Fault = {
  readonly env?: Record<string, string>;
  readonly jwks?: 'refused' | 'hangs' | 'html';
  readonly throws?: true;
};
const good = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: liveKeys.publishableKey, CLERK_SECRET_KEY: liveKeys.secretKey };
const faults: Readonly<Record<string, Fault>> = {
  none: {},
  'no keys': { env: {} },
  'no secret key': { env: { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: liveKeys.publishableKey } },
  'a malformed publishable key': { env: { ...good, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'pk_live_x' } },
  'a secret key of another instance': { env: { ...good, CLERK_SECRET_KEY: 'sk_test_abcdefgh' } },
  'Clerk refuses connections': { jwks: 'refused' },
  'Clerk hangs': { jwks: 'hangs' },
  'a page in place of Clerk’s keys': { jwks: 'html' },
  'a handler that throws': { throws: true },
};

/** Forged: the signature is right for a secret key that is not set, since HMAC takes an empty one. */
const forged = {
  'x-clerk-auth-status': 'signed-in',
  'x-clerk-auth-token': sessionToken(Date.now(), { sub: 'user_forged' }, 'another'),
  'x-clerk-auth-reason': '',
  'x-clerk-auth-message': '',
};
const { createHmac } = await import('node:crypto');
const forgedHeaders = {
  ...forged,
  'x-clerk-auth-signature': createHmac('sha1', '').update(forged['x-clerk-auth-token']).digest('hex'),
};

interface Trick {
  readonly path?: (path: string) => string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  /** It can be read as another path, or as no path at all: in a fault it is shut, whatever a matcher says. */
  readonly isShut?: true;
}
const subrequest = 'middleware:middleware:middleware:middleware:middleware';
const tricks: Readonly<Record<string, Trick>> = {
  none: {},
  'x-middleware-subrequest': { headers: { 'x-middleware-subrequest': subrequest } },
  'x-middleware-subrequest, src': { headers: { 'x-middleware-subrequest': 'src/middleware:src/middleware' } },
  'x-middleware-next': { headers: { 'x-middleware-next': '1', 'x-middleware-override-headers': 'x' } },
  'x-original-url': { headers: { 'x-original-url': '/about', 'x-rewrite-url': '/about', 'x-forwarded-uri': '/about' } },
  'forged x-clerk headers': { headers: forgedHeaders },
  'a prefetch': { headers: { rsc: '1', 'next-router-prefetch': '1', 'next-url': '/about' } },
  'x-nextjs-data': { headers: { 'x-nextjs-data': '1' } },
  'a fetch': { headers: { accept: '*/*', 'sec-fetch-dest': 'empty' } },
  POST: { method: 'POST' },
  'a server action': {
    isShut: true,
    method: 'POST',
    headers: { 'next-action': 'abc', 'next-url': '/about', accept: 'text/x-component' },
  },
  'a form before its script': {
    isShut: true,
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  },
  'two slashes': { isShut: true, path: (path) => `/${path}` },
  'behind a public path and ..': { path: (path) => `/about/..${path}` },
  'behind a public path and an escaped ..': { path: (path) => `/about/%2e%2e${path}` },
  'behind a public path and escaped slashes': { isShut: true, path: (path) => `/about/..%2f${path.slice(1)}` },
  'behind a public path, escaped twice': { isShut: true, path: (path) => `/about/%252e%252e${path}` },
  'behind a public path and a backslash': { path: (path) => `/about\\..\\${path.slice(1)}` },
  'behind a public path and ;': { isShut: true, path: (path) => `/about;${path}` },
  'an escaped letter': { path: (path) => path.replace('a', '%61') },
  'upper case': { path: (path) => path.toUpperCase() },
  'a slash at the end': { path: (path) => `${path}/` },
  'a dot at the end': { path: (path) => `${path}/.` },
  'a null byte': { isShut: true, path: (path) => `${path}%00` },
  'the data of a page': { path: (path) => `/_next/data/build${path === '/' ? '/index' : path}.json` },
  'a locale before it': { path: (path) => `/fr${path}` },
  'a question mark': { path: (path) => `${path}?next=/about&__clerk_synced=true` },
};

/** Longer than Clerk's five attempts at what refuses connections, which take 3 s. Timers run ten times as fast here. */
const timeoutMs = 5_000;
/** Where nothing can hang, a busy machine is waited for. */
const patienceMs = (fault: string): number => ((faults[fault] as Fault).jwks ? timeoutMs : 600_000);
const realSetTimeout = globalThis.setTimeout;
/** So many at a time: a machine that is busy looks like a Clerk that hangs. */
const atOnce = 30;

let fetchFault: Fault['jwks'];
const clerkOf = new Map<string, RealClerk>();
beforeAll(() => {
  for (const method of ['log', 'warn', 'error', 'info'] as const)
    vi.spyOn(console, method).mockImplementation(() => {});
  vi.stubGlobal('setTimeout', (callback: () => void, ms = 0) => realSetTimeout(callback, ms / 10));
  // Clerk binds the fetch that it finds as it is loaded.
  vi.stubGlobal('fetch', async (): Promise<Response> => {
    if (fetchFault === 'hangs') return new Promise(() => {});
    if (fetchFault === 'html') return new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
    if (fetchFault === 'refused')
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    return new Response('{}', { headers: { date: new Date().toUTCString() } });
  });
  for (const [name, { env }] of Object.entries(faults)) clerkOf.set(name, loadClerk(env ?? good));
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Row {
  readonly route: (typeof routes)[number];
  readonly session: string;
  readonly fault: string;
  readonly trick: string;
}

/** Every session in every fault; and every trick in every fault, by nobody, and by who is signed in where that leads further. */
const rows: readonly Row[] = routes.flatMap((route) =>
  Object.entries(faults).flatMap(([fault, { jwks }]) => [
    ...Object.keys(sessions).map((session) => ({ route, session, fault, trick: 'none' })),
    ...Object.keys(tricks)
      // Where each row is waited for: of two routes alone.
      .filter((trick) => trick !== 'none' && !(jwks && route.path !== '/about' && route.path !== '/admin'))
      .flatMap((trick) =>
        (fault === 'none' ? ['nobody', 'signed in'] : jwks ? ['signed in'] : ['nobody']).map((session) => ({
          route,
          session,
          fault,
          trick,
        })),
      ),
  ]),
);

function requestOf({ route, session, trick }: Row): NextRequest {
  const { path = (same: string) => same, headers = {}, method = 'GET' } = tricks[trick] as Trick;
  return navigation(path(route.path), { method, headers: { ...sessions[session]?.(Date.now()), ...headers } });
}

/** As an app writes it: the handler protects what is not public. */
function middlewareOf(fault: string): NextMiddleware {
  const { clerkMiddleware, createRouteMatcher } = clerkOf.get(fault) as RealClerk;
  const isPublic = createRouteMatcher([...isPublicPath]);
  const { throws, jwks } = faults[fault] as Fault;
  return clerkMiddleware(
    async (auth, request) => {
      if (throws) throw new TypeError('Cannot read properties of undefined');
      if (!isPublic(request)) await auth.protect();
    },
    jwks ? {} : { jwtKey },
  );
}

const optionsOf = (fault: string): ClerkGuardOptions => {
  const { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_SECRET_KEY: secretKey } =
    (faults[fault] as Fault).env ?? good;
  return {
    publicRoutes: (clerkOf.get(fault) as RealClerk).createRouteMatcher([...isPublicPath]),
    publishableKey,
    secretKey,
    logger: null,
    handshakeTimeoutMs: patienceMs(fault),
  };
};

interface Seen {
  readonly outcome: string;
  readonly answer?: Response;
}

async function see(middleware: NextMiddleware, request: NextRequest, fault: string): Promise<Seen> {
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), patienceMs(fault) * 2));
  try {
    const answer = await Promise.race([middleware(request, event), late]);
    return answer === 'late'
      ? { outcome: 'hangs' }
      : { outcome: outcomeOf(answer), ...(answer && { answer: answer as Response }) };
  } catch {
    return { outcome: '500' }; // what Next.js makes of a middleware that throws
  }
}

/** Who the page behind the middleware thinks that is there, by Clerk's own reading. */
function userBehind({ fault }: Row, request: NextRequest, answer: Response | undefined): string | null {
  const headers = answer ? forwardedHeaders(request, answer) : request.headers;
  const { getAuth } = clerkOf.get(fault) as RealClerk;
  try {
    return getAuth(new next.NextRequest(request.url, { headers }) as never).userId;
  } catch {
    return null; // a page that is an error shows nothing
  }
}

it('serves no route to somebody whom Clerk would have refused', { timeout: 120_000 }, async () => {
  const counts = new Map<string, Map<string, number>>();
  const wrong: string[] = [];
  const well = middlewareOf('none');
  const wellToNobody = new Map<string, string>();
  for (const route of routes) {
    for (const trick of Object.keys(tricks)) {
      const { outcome } = await see(well, requestOf({ route, trick, session: 'nobody', fault: 'none' }), 'none');
      wellToNobody.set(`${route.path} ${trick}`, outcome);
    }
  }
  for (const fault of Object.keys(faults)) {
    fetchFault = (faults[fault] as Fault).jwks;
    const guard = withClerkGuard(middlewareOf(fault), optionsOf(fault));
    const plain = middlewareOf(fault);
    const ofFault = rows.filter((row) => row.fault === fault);
    for (let at = 0; at < ofFault.length; at += atOnce) {
      const batch = ofFault.slice(at, at + atOnce).map(async (row) => {
        const request = requestOf(row);
        const [ours, alone] = await Promise.all([see(guard, request, fault), see(plain, requestOf(row), fault)]);
        const toNobody = wellToNobody.get(`${row.route.path} ${row.trick}`) as string;
        const change = `${alone.outcome} -> ${ours.outcome}`;
        const name = `${row.route.path} | ${row.session} | ${row.fault} | ${row.trick}: ${change}`;
        const isServed = ours.outcome === 'page';
        const user = isServed ? userBehind(row, request, ours.answer) : null;
        if (user !== null && !(isValid(row.session) && user === 'user_1')) wrong.push(`${name}, for ${user}`);
        // Served: because Clerk does so at this moment, or because it does so to nobody when all is well.
        if (isServed && alone.outcome !== 'page' && toNobody !== 'page') wrong.push(`${name}: refused by Clerk`);
        // Under whatever name: what Clerk does not serve to nobody needs a session, and in a fault there is none.
        if (isServed && toNobody !== 'page' && !(isValid(row.session) && fault === 'none'))
          wrong.push(`${name}: protected`);
        if (isServed && row.trick === 'none' && !row.route.open && fault !== 'none') wrong.push(`${name}: open`);
        const { isShut } = tricks[row.trick] as Trick;
        if (isServed && isShut && alone.outcome !== 'page') wrong.push(`${name}: ambiguous`);
        // Somebody who is signed in is not asked to sign in because Clerk does not answer.
        const isOutage = (faults[fault] as Fault).jwks && isValid(row.session) && !row.route.open;
        if (isOutage && row.trick === 'none' && ours.outcome !== '503') wrong.push(`${name}: not an outage`);
        // While all is well the answer is Clerk's.
        if (fault === 'none' && ours.outcome !== alone.outcome) wrong.push(`${name}: not Clerk's`);
        // A fault is never an error for all: public pages are up, but where it is the app's own handler that decides.
        const isUp = isServed || fault === 'none' || fault === 'a handler that throws';
        if (row.route.open && row.trick === 'none' && !isUp) wrong.push(`${name}: shut`);
        const column = counts.get(fault) ?? new Map<string, number>();
        counts.set(fault, column.set(change, (column.get(change) ?? 0) + 1));
      });
      await Promise.all(batch);
    }
  }
  const table = [...counts].map(
    ([fault, column]) =>
      `${fault}: ${[...column]
        .sort((a, b) => b[1] - a[1])
        .map(([change, count]) => `${change} ${count}`)
        .join(', ')}`,
  );
  process.stdout.write(`${rows.length} rows; clerkMiddleware alone -> with the guard\n  ${table.join('\n  ')}\n`);
  expect(wrong).toEqual([]);
});
