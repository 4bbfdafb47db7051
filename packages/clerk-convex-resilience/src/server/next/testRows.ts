import { liveKeys, sessionToken, signatureWithoutKey } from './testClerk.ts';

// What is played against Clerk's middleware and the guard: every route with every session in every fault, and every trick.

/** As an app declares it. */
export const publicPaths = ['/', '/about(.*)', '/closed', '/api/webhooks(.*)'];

/** `open`: anybody may have it, as far as Clerk goes; and the app's handler refuses `/closed` for reasons of its own. */
export const routes = [
  { path: '/', open: true },
  { path: '/about', open: true },
  { path: '/api/webhooks/clerk', open: true },
  { path: '/closed', open: true },
  { path: '/admin', open: false },
  { path: '/api/data', open: false },
] as const;

const cookies = (token: string): Readonly<Record<string, string>> => ({
  cookie: `__session=${token}; __client_uat=1700000000`,
});

/** What the app's handler answers with 403, whoever asks. */
export const isClosed = (path: string): boolean => path === '/closed';

/** Cookies or a header, made at the moment. */
export const sessions = {
  nobody: () => ({}),
  'signed in': (now) => cookies(sessionToken(now)),
  'a bearer token': (now) => ({ authorization: `Bearer ${sessionToken(now)}` }),
  'an expired token': (now) => cookies(sessionToken(now - 600_000)),
  'a token signed by somebody else': (now) => cookies(sessionToken(now, {}, 'nobody')),
  'a token from the future': (now) => cookies(sessionToken(now + 600_000)),
  'no token at all': () => cookies('a.b.c'),
  'a session cookie that is gone': () => ({ cookie: '__client_uat=1700000000' }),
  // The other is the app's, as far as Clerk goes.
  'an expired token, and another cookie that holds a session': (now) => {
    const held = encodeURIComponent(`1; ${cookies(sessionToken(now, { sub: 'user_2' })).cookie}`);
    return { cookie: `${cookies(sessionToken(now - 600_000)).cookie}; x=${held}` };
  },
  // To Clerk nobody, until an organisation is chosen or whatever else is asked of the user.
  'a pending session': (now) => cookies(sessionToken(now, { sts: 'pending' })),
  'a handshake’s nonce that is spent': () => ({ cookie: '__client_uat=1700000000; __clerk_handshake_nonce=spent' }),
  'an API key': () => ({ authorization: 'Bearer ak_0123456789abcdef' }),
  'a token of a machine': () => ({ authorization: 'Bearer mt_0123456789abcdef' }),
  'an OAuth token': () => ({ authorization: 'Bearer oat_0123456789abcdef' }),
} satisfies Readonly<Record<string, (now: number) => Readonly<Record<string, string>>>>;
type Session = keyof typeof sessions;
export const isValid = (session: Session): boolean => session === 'signed in' || session === 'a bearer token';

export interface Fault {
  readonly env?: Readonly<Record<string, string>>;
  /** What comes of asking Clerk for anything. */
  readonly clerk?: 'refused' | 'hangs' | 'html' | 'of another instance';
  /** Clerk's keys are at hand (`CLERK_JWT_KEY`), so that it can tell who is there although it does not answer. */
  readonly hasKeys?: true;
  readonly handler?: 'throws' | 'slow';
  /** The browser says that it was sent to and fro as often as it may be. Anybody can say so. */
  readonly isInCircle?: true;
}
export const good = {
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: liveKeys.publishableKey,
  CLERK_SECRET_KEY: liveKeys.secretKey,
};
export const faults: Readonly<Record<string, Fault>> = {
  none: { hasKeys: true },
  'no keys': { hasKeys: true, env: {} },
  'no secret key': { hasKeys: true, env: { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: liveKeys.publishableKey } },
  'a malformed publishable key': { hasKeys: true, env: { ...good, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'pk_live_x' } },
  'a secret key of another kind of instance': { hasKeys: true, env: { ...good, CLERK_SECRET_KEY: 'sk_test_abcdefgh' } },
  'a secret key of another live instance': { clerk: 'of another instance' },
  'the Frontend API refuses connections': { hasKeys: true, clerk: 'refused' },
  'Clerk refuses connections': { clerk: 'refused' },
  'Clerk hangs': { clerk: 'hangs' },
  'a page in place of Clerk’s keys': { clerk: 'html' },
  'redirects in a circle': { hasKeys: true, isInCircle: true },
  'a handler that takes a minute': { hasKeys: true, handler: 'slow' },
  'a handler that throws': { hasKeys: true, handler: 'throws' },
};
/** Nothing is wrong: the answer is Clerk's. */
export const isWell = (fault: Fault): boolean => isTold(fault) && !fault.clerk && !fault.isInCircle;
/** Can Clerk tell who is there, and does it? */
export const isTold = ({ env, hasKeys, handler }: Fault): boolean => !env && hasKeys === true && handler !== 'throws';

const forgedToken = sessionToken(0, { sub: 'user_forged', exp: 4_000_000_000 }, 'another');
const forged = {
  'x-clerk-auth-status': 'signed-in',
  'x-clerk-auth-token': forgedToken,
  'x-clerk-auth-reason': '',
  'x-clerk-auth-message': '',
  'x-clerk-auth-signature': signatureWithoutKey(forgedToken),
};
const subrequest = 'middleware:middleware:middleware:middleware:middleware';
const router = { accept: '*/*', 'sec-fetch-dest': 'empty', 'next-url': '/about' };

export interface Trick {
  readonly path?: (path: string) => string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  /** It can be read as another path, or as no path at all: in a fault it is shut, whatever a matcher says. */
  readonly isShut?: true;
}
export const tricks: Readonly<Record<string, Trick>> = {
  none: {},
  'x-middleware-subrequest': { headers: { 'x-middleware-subrequest': subrequest } },
  'x-middleware-subrequest, src': { headers: { 'x-middleware-subrequest': 'src/middleware:src/middleware' } },
  'x-middleware-next': { headers: { 'x-middleware-next': '1', 'x-middleware-override-headers': 'x' } },
  'x-middleware-rewrite': { headers: { 'x-middleware-rewrite': '/about', 'x-middleware-set-cookie': '__session=x' } },
  'x-invoke-path': { headers: { 'x-invoke-path': '/about', 'x-matched-path': '/about', 'x-now-route-matches': '1' } },
  'x-original-url': { headers: { 'x-original-url': '/about', 'x-rewrite-url': '/about', 'x-forwarded-uri': '/about' } },
  'x-forwarded-host': { headers: { 'x-forwarded-host': 'other.example.com', 'x-forwarded-prefix': '/about' } },
  'x-http-method-override': { method: 'POST', headers: { 'x-http-method-override': 'GET' } },
  'forged x-clerk headers': { headers: forged },
  'the router': { headers: router },
  'a prefetch': { headers: { ...router, rsc: '1', 'next-router-prefetch': '1' } },
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
  'a space at the end': { path: (path) => `${path}%20` },
  'a null byte': { isShut: true, path: (path) => `${path}%00` },
  'the data of a page': { path: (path) => `/_next/data/build${path === '/' ? '/index' : path}.json` },
  'a locale before it': { path: (path) => `/fr${path}` },
  'a question mark': { path: (path) => `${path}?next=/about&__clerk_synced=true` },
};

export interface Row {
  readonly route: (typeof routes)[number];
  readonly session: Session;
  readonly fault: string;
  readonly trick: string;
}

/** Who plays tricks: nobody, who is signed in where that leads further, and whose token is over where only that is in the fault. */
const tricksters = (fault: string): readonly Session[] => {
  const { clerk, hasKeys, isInCircle } = faults[fault] as Fault;
  if (fault === 'none') return ['nobody', 'signed in'];
  if (isInCircle) return ['an expired token'];
  if (clerk) return [hasKeys ? 'an expired token' : 'signed in'];
  return ['nobody'];
};

/** Every session in every fault, and every trick in every fault: of two routes alone where Clerk looks at each, which takes longer. */
export const rows: readonly Row[] = routes.flatMap((route) =>
  Object.keys(faults).flatMap((fault) => [
    ...(Object.keys(sessions) as Session[]).map((session) => ({ route, session, fault, trick: 'none' })),
    ...Object.keys(tricks)
      .filter((trick) => trick !== 'none' && (faults[fault]?.env || route.path === '/about' || route.path === '/admin'))
      .flatMap((trick) => tricksters(fault).map((session) => ({ route, session, fault, trick }))),
  ]),
);
