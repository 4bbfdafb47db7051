import type { NextMiddleware, NextRequest } from 'next/server';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadMessages } from './loadMessages.ts';
import {
  event,
  forwardedHeaders,
  jwksOf,
  jwtKey,
  loadClerk,
  navigation,
  next,
  outcomeOf,
  type RealClerk,
} from './testClerk.ts';
import { fullCount } from './testGuard.ts';
import {
  type Fault,
  faults,
  good,
  isClosed,
  isTold,
  isValid,
  isWell,
  publicPaths,
  type Row,
  routes,
  rows,
  sessions,
  type Trick,
  tricks,
} from './testRows.ts';
import { type Played, writeTable } from './testTable.ts';
import { createVirtualTimers } from './testTimers.ts';
import { type ClerkGuardOptions, withClerkGuard } from './withClerkGuard.ts';

// Each row is one request: route x session x fault x trick, with the real clerkMiddleware of @clerk/nextjs and the real NextRequest.
// Beside what the guard does stands what clerkMiddleware does alone, in the same fault and when all is well. What came of it all
// is docs/next-security.md.

const timers = createVirtualTimers();
/** What Clerk does not know: the tokens of machines, and a nonce that was used before. */
const notFound = /\/verify$|\/handshake_payload$/;
/** After so long a request is taken to hang, where Clerk may. Twice what the guard gives it. */
const hangsAfterMs = 10_000;
const handlerTakesMs = 60_000;

let clerksAnswer: Fault['clerk'];
const clerkOf = new Map<string, RealClerk>();
beforeAll(async () => {
  for (const method of ['log', 'warn', 'error', 'info'] as const)
    vi.spyOn(console, method).mockImplementation(() => {});
  vi.spyOn(Math, 'random').mockReturnValue(0.5); // spreads Clerk's attempts
  vi.stubGlobal('setTimeout', timers.setTimeout);
  vi.stubGlobal('clearTimeout', timers.clearTimeout);
  // Clerk binds the fetch that it finds as it is loaded.
  vi.stubGlobal('fetch', async (address: Parameters<typeof fetch>[0]): Promise<Response> => {
    if (clerksAnswer === 'hangs') return new Promise(() => {});
    const { pathname } = new URL(typeof address === 'string' ? address : 'url' in address ? address.url : address);
    if (clerksAnswer !== 'refused' && notFound.test(pathname)) {
      return Response.json({ errors: [{ code: 'resource_not_found', message: 'not found' }] }, { status: 404 });
    }
    if (clerksAnswer === 'html') return new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
    if (clerksAnswer === 'of another instance') {
      // The Frontend API's are the publishable key's, the Backend API's those that the secret key is good for.
      return Response.json(pathname === '/.well-known/jwks.json' ? jwksOf('clerk') : jwksOf('another'));
    }
    if (clerksAnswer === 'refused')
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    return new Response('{}', { headers: { date: new Date().toUTCString() } });
  });
  for (const [name, { env }] of Object.entries(faults)) clerkOf.set(name, loadClerk(env ?? good));
  await loadMessages('en'); // while nothing waits for it
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Made once for each fault: they live for a minute, and to sign one takes longer than to ask. */
const headersOf = new Map<string, Readonly<Record<string, string>>>();
function sessionHeaders({ session, fault }: Row): Readonly<Record<string, string>> {
  const key = `${fault} ${session}`;
  const headers = headersOf.get(key) ?? sessions[session](Date.now());
  headersOf.set(key, headers);
  return headers;
}

function requestOf(row: Row): NextRequest {
  const { route, trick, fault } = row;
  const { path = (same: string) => same, headers = {}, method = 'GET' } = tricks[trick] as Trick;
  const all: Record<string, string> = { ...sessionHeaders(row), ...headers };
  const request = navigation(path(route.path), { method, headers: all });
  if (!(faults[fault] as Fault).isInCircle) return request;
  const cookie = [all.cookie, fullCount(request)].filter(Boolean).join('; ');
  return navigation(path(route.path), { method, headers: { ...all, cookie } });
}

/** As an app writes it: the handler protects what is not public. */
function middlewareOf(fault: string): NextMiddleware {
  const { clerkMiddleware, createRouteMatcher } = clerkOf.get(fault) as RealClerk;
  const isPublic = createRouteMatcher([...publicPaths]);
  const { handler, hasKeys } = faults[fault] as Fault;
  return clerkMiddleware(
    async (auth, request) => {
      if (handler === 'throws') throw new TypeError('Cannot read properties of undefined');
      if (handler === 'slow') await new Promise<void>((resolve) => setTimeout(resolve, handlerTakesMs));
      if (isClosed(request.nextUrl.pathname)) return new next.NextResponse(null, { status: 403 });
      if (!isPublic(request)) await auth.protect();
      return undefined;
    },
    hasKeys ? { jwtKey } : {},
  );
}

const optionsOf = (fault: string): ClerkGuardOptions => {
  const { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_SECRET_KEY: secretKey } =
    ((faults[fault] as Fault).env as Partial<typeof good> | undefined) ?? good;
  return {
    publicRoutes: (clerkOf.get(fault) as RealClerk).createRouteMatcher([...publicPaths]),
    publishableKey,
    secretKey,
    logger: null,
  };
};

interface Seen {
  readonly outcome: string;
  readonly answer?: Response;
}

async function see(middleware: NextMiddleware, request: NextRequest, fault: string): Promise<Seen> {
  const answering = Promise.resolve(middleware(request, event));
  const late = new Promise<'late'>((resolve) => {
    if (mayHang(fault)) setTimeout(() => resolve('late'), hangsAfterMs);
  });
  try {
    const answer = await Promise.race([answering, late]);
    return answer === 'late'
      ? { outcome: 'hangs' }
      : { outcome: outcomeOf(answer), ...(answer && { answer: answer as Response }) };
  } catch {
    return { outcome: '500' }; // what Next.js makes of a middleware that throws
  }
}
const mayHang = (fault: string): boolean => !(faults[fault] as Fault).hasKeys;
/** Where nothing waits, no time passes: a machine that is busy looks like nothing else. */
const passTime = <T>(fault: string, work: Promise<T>): Promise<T> =>
  mayHang(fault) || (faults[fault] as Fault).handler === 'slow' ? timers.run(work) : work;

/** Who the page behind the middleware thinks that is there, by Clerk's own reading. */
function userBehind({ fault }: Row, request: NextRequest, answer: Response | undefined): string | null {
  const headers = answer ? forwardedHeaders(request, answer) : request.headers;
  const { getAuth } = clerkOf.get(fault) as RealClerk;
  // What it throws would be an error in place of the page.
  return getAuth(new next.NextRequest(request.url, { headers }) as never).userId;
}

/** What the guard has put on an answer that reaches the browser, and on which. */
function headersAdded(ours: Seen, alone: Seen, isWell: boolean): readonly [string, readonly string[]] {
  const all = [...(ours.answer?.headers ?? [])];
  if (isWell) {
    const own = [...(alone.answer?.headers ?? [])].map(([name]) => name);
    const added = all.filter(([name, value]) => value.startsWith('__Host-__clerk_guard') || !own.includes(name));
    return ['an answer of Clerk’s', added.map(([name, value]) => (name === 'set-cookie' ? value : name))];
  }
  if (ours.outcome === '503') return ['a 503', all.map(([name]) => name)];
  if (ours.outcome === '500') return ['a 500', all.map(([name]) => name)];
  // Next.js takes these off: they are its own way to say "go on".
  const names = all.map(([name]) => name).filter((name) => !/^x-(?:middleware|clerk-auth)-/.test(name));
  return ['a page that is served in a fault', alone.outcome === '500' ? names : []];
}

/** Of a header's value: parts of keys, tokens, paths, and Clerk's reasons. */
const leak = /[sp]k_(?:test|live)|abcdefgh|eyJ|admin|api\/data|session-token|jwk|key/i;

it('serves no route to somebody whom Clerk would have refused', { timeout: 120_000 }, async () => {
  const played: Played[] = [];
  const wrong: string[] = [];
  const added = new Map<string, Set<string>>();
  const well = middlewareOf('none');
  const wellToNobody = new Map<string, string>();
  for (const route of routes) {
    for (const trick of Object.keys(tricks)) {
      const { outcome } = await see(well, requestOf({ route, trick, session: 'nobody', fault: 'none' }), 'none');
      wellToNobody.set(`${route.path} ${trick}`, outcome);
    }
  }
  for (const [fault, settings] of Object.entries(faults)) {
    clerksAnswer = settings.clerk;
    const guard = withClerkGuard(middlewareOf(fault), optionsOf(fault));
    const plain = middlewareOf(fault);
    const play = async (row: Row): Promise<void> => {
      const request = requestOf(row);
      const [ours, alone] = await Promise.all([see(guard, request, fault), see(plain, requestOf(row), fault)]);
      played.push({ row, alone: alone.outcome, guarded: ours.outcome });
      const toNobody = wellToNobody.get(`${row.route.path} ${row.trick}`) as string;
      // Clerk 6 throws at a cookie that is no token, which is no answer; the guard has Clerk's to nobody.
      const isThrown = row.session === 'no token at all' && alone.outcome === '500' && ours.outcome === toNobody;
      const name = `${row.route.path} | ${row.session} | ${fault} | ${row.trick}: ${alone.outcome} -> ${ours.outcome}`;
      const isServed = ours.outcome === 'page';
      const isKnown = isValid(row.session) && isTold(settings);
      const user = isServed ? userBehind(row, request, ours.answer) : null;
      if (user !== null && !(isValid(row.session) && user === 'user_1')) wrong.push(`${name}, for ${user}`);
      // Served: because Clerk does so at this moment, or because it does so to nobody when all is well.
      // Without keys nothing runs of a handler: there alone what it refuses is served, where it is declared public.
      const isRun = alone.outcome !== '500' || toNobody !== '403';
      if (isServed && alone.outcome !== 'page' && toNobody !== 'page' && isRun) wrong.push(`${name}: refused by Clerk`);
      // Under whatever name: what Clerk does not serve to nobody needs a session, and one that Clerk can look at.
      if (isServed && toNobody !== 'page' && !isKnown && isRun) wrong.push(`${name}: protected`);
      if (isServed && row.trick === 'none' && !row.route.open && !isKnown) wrong.push(`${name}: open`);
      const { isShut } = tricks[row.trick] as Trick;
      if (isServed && isShut && alone.outcome !== 'page') wrong.push(`${name}: ambiguous`);
      // Somebody who may be signed in is not asked to sign in because Clerk does not answer.
      const mayBeSignedIn = settings.hasKeys ? row.session === 'an expired token' : isValid(row.session);
      if (settings.clerk && mayBeSignedIn && ours.outcome === 'sign-in') wrong.push(`${name}: not an outage`);
      // While all is well the answer is Clerk's, and so it is behind a handler that takes its time.
      if (isWell(settings) && ours.outcome !== alone.outcome && !isThrown) wrong.push(`${name}: not Clerk's`);
      // A fault is never an error for all: public pages are up, but where it is the app's own handler that decides.
      const isClerks = isWell(settings) || settings.handler || isClosed(row.route.path);
      // Its Frontend API answers there, and may be asked for the cookie.
      const isSent = ours.outcome === 'handshake' && /html|instance/.test(settings.clerk ?? '');
      if (row.route.open && row.trick === 'none' && !isServed && !isClerks && !isSent) wrong.push(`${name}: shut`);
      if (isThrown) return;
      const [on, names] = headersAdded(ours, alone, isWell(settings));
      for (const each of names) added.set(on, (added.get(on) ?? new Set()).add(each.replace(/=[1-9]\.\w+;/, '=…;')));
      const values = [...(ours.answer?.headers ?? [])].filter(([header]) => names.includes(header));
      if (leak.test(values.map(([, value]) => value).join())) wrong.push(`${name}: ${values.join('; ')}`);
    };
    await passTime(fault, Promise.all(rows.filter((row) => row.fault === fault).map(play)));
  }
  expect(wrong).toEqual([]);
  // The table is of the package's own versions; others have to keep to what stands above it.
  if (process.env.NEXT) return;
  const headers = [...added].map(([on, names]) => [on, [...names].sort()] as const);
  await expect(writeTable(played, headers)).toMatchFileSnapshot('../../../../../docs/next-security.md');
});
