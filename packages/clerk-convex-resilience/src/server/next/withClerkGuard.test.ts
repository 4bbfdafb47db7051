import type { NextMiddleware, NextRequest } from 'next/server';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../../test/support/eventually.ts';
import { findingCodes } from '../../diagnosis/findings.ts';
import {
  event,
  forwardedHeaders,
  frontendApi,
  jwtKey,
  liveKeys,
  loadClerk,
  loadLiveClerk,
  navigation,
  next,
  outcomeOf,
  type RealClerk,
  sessionToken,
  testKeys,
} from './testClerk.ts';
import { cookie, middlewareOf, publicRoutes, type Rig, rigOf } from './testGuard.ts';
import { type ClerkGuardOptions, withClerkGuard } from './withClerkGuard.ts';

let clerk: RealClerk;
beforeAll(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  clerk = loadLiveClerk();
  return () => vi.restoreAllMocks();
});
afterEach(() => vi.unstubAllEnvs());

const realMiddleware = (): NextMiddleware => middlewareOf(clerk);

const setUp = (
  options: Partial<ClerkGuardOptions> = {},
  ...given: readonly [] | readonly [Parameters<typeof withClerkGuard>[0]]
): Rig => rigOf(given.length === 1 ? given[0] : realMiddleware(), options);

describe('without keys that are good', () => {
  it.each<[string, Partial<ClerkGuardOptions>, string[]]>([
    ['no publishable key', { publishableKey: undefined }, ['PUBLISHABLE_KEY_MISSING']],
    ['an empty one', { publishableKey: '' }, ['PUBLISHABLE_KEY_MISSING']],
    ['one that is cut off', { publishableKey: liveKeys.publishableKey.slice(0, -6) }, ['PUBLISHABLE_KEY_MALFORMED']],
    ['a secret key in its place', { publishableKey: 'sk_live_verysecret' }, ['SECRET_KEY_IN_PUBLIC_VARIABLE']],
    ['no secret key', { secretKey: undefined }, ['SECRET_KEY_MISSING']],
    ['a secret key in quotes', { secretKey: '"sk_live_verysecret"' }, ['SECRET_KEY_MALFORMED']],
    ['a publishable key in its place', { secretKey: liveKeys.publishableKey }, ['SECRET_KEY_MALFORMED']],
    [
      'none at all',
      { publishableKey: undefined, secretKey: undefined },
      ['PUBLISHABLE_KEY_MISSING', 'SECRET_KEY_MISSING'],
    ],
  ])('%s: public pages are served, others answer 503', async (_name, options, codes) => {
    const middleware = vi.fn(realMiddleware());
    const { see, lines, reports } = setUp(options, middleware);
    expect(outcomeOf(await see(navigation('/about')))).toBe('page');
    const refused = await see(navigation('/admin', cookie(sessionToken(Date.now()))));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(60);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(middleware).not.toHaveBeenCalled();
    expect(reports.map((report) => report.codes)).toEqual([codes, codes]);
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatch(new RegExp(`^\\[clerk-convex-resilience\\] guard ${codes.join(' ')} `));
    expect(findingCodes).toEqual(expect.arrayContaining(codes)); // what clerk-convex-doctor knows in a log
    expect(lines.join() + (await refused.text())).not.toMatch(/verysecret|pk_live_\w|sk_test_\w/);
  });

  it('reads them from the environment at each request', async () => {
    vi.stubEnv('NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', '');
    vi.stubEnv('CLERK_SECRET_KEY', liveKeys.secretKey);
    const guard = withClerkGuard(realMiddleware(), { publicRoutes, logger: null });
    expect(outcomeOf(await guard(navigation('/admin'), event))).toBe('503');
    vi.stubEnv('NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', liveKeys.publishableKey);
    expect(outcomeOf(await guard(navigation('/admin'), event))).toBe('sign-in');
  });

  it.each([undefined, null])('is shut where there is no middleware: %s', async (middleware) => {
    const { see, lines } = setUp({}, middleware);
    expect([outcomeOf(await see(navigation('/about'))), outcomeOf(await see(navigation('/admin')))]).toEqual([
      'page',
      '503',
    ]);
    expect(lines[0]).toMatch(/guard MIDDLEWARE_WITHOUT_CLERK served/);
  });

  it('makes the middleware when the keys are good, and once', async () => {
    const make = vi.fn(() => realMiddleware());
    const without = setUp({ secretKey: '' }, make);
    await without.see(navigation('/about'));
    expect(make).not.toHaveBeenCalled();
    const { see } = setUp({}, make);
    expect(outcomeOf(await see(navigation('/admin')))).toBe('sign-in');
    expect(outcomeOf(await see(navigation('/about')))).toBe('page');
    expect(make).toHaveBeenCalledTimes(1);
  });
});

it('lets the handler decide of public pages where the keys are of two instances', async () => {
  const middleware = vi.fn(realMiddleware());
  const { see, lines } = setUp({ secretKey: testKeys.secretKey }, middleware);
  const ask = (path: string) => see(navigation(path, cookie(sessionToken(Date.now()))));
  expect([outcomeOf(await ask('/about')), outcomeOf(await ask('/admin'))]).toEqual(['page', '503']);
  expect(middleware).toHaveBeenCalledTimes(1);
  expect(middleware.mock.calls[0]?.[0].cookies.getAll()).toEqual([]);
  expect(lines.map((line) => /guard (.*?) \{?/.exec(line)?.[1])).toEqual([
    expect.stringMatching(/^SECRET_KEY_OF_ANOTHER_INSTANCE/),
    expect.stringMatching(/^SECRET_KEY_OF_ANOTHER_INSTANCE/),
  ]);
});

it('takes keys with white space at their ends, as Clerk does', async () => {
  const { see, lines } = setUp({
    publishableKey: `${liveKeys.publishableKey}\n`,
    secretKey: ` ${liveKeys.secretKey} `,
  });
  expect(outcomeOf(await see(navigation('/admin', cookie(sessionToken(Date.now())))))).toBe('page');
  expect(lines).toEqual([]);
});

describe('a page that is served in a fault', () => {
  it('is served as NextResponse.next() would, and nobody is signed in there', async () => {
    const { see } = setUp({ secretKey: undefined });
    const request = navigation('/about', {
      headers: {
        'x-clerk-auth-status': 'signed-in',
        'x-clerk-auth-token': sessionToken(Date.now()),
        'x-clerk-request-data': 'abc',
        'x-mine': 'kept',
        cookie: 'a=b',
      },
    });
    const answer = await see(request);
    const headers = new Headers(request.headers);
    for (const name of [...headers.keys()]) if (name.startsWith('x-clerk-')) headers.delete(name);
    headers.set('x-clerk-auth-status', 'signed-out');
    const expected = next.NextResponse.next({ request: { headers } });
    const sorted = ({ headers: all }: Response) =>
      [...all].map(([name, value]) => [
        name,
        name.endsWith('override-headers') ? value.split(',').sort().join() : value,
      ]);
    expect(sorted(answer)).toEqual(sorted(expected));
    const behind = new next.NextRequest(request.url, { headers: forwardedHeaders(request, answer) });
    expect(clerk.getAuth(behind as never)).toMatchObject({ userId: null, isAuthenticated: false });
  });

  it('is not served to a server action, which is found by its id and not by its path', async () => {
    const { see } = setUp({ secretKey: undefined });
    const post = (headers: Record<string, string>) => see(navigation('/about', { method: 'POST', headers }));
    expect(outcomeOf(await post({ 'next-action': '7f0a' }))).toBe('503');
    expect(outcomeOf(await post({ 'content-type': 'multipart/form-data; boundary=x' }))).toBe('503');
    expect(outcomeOf(await post({ 'content-type': 'application/json' }))).toBe('page');
  });
});

describe('while all is well', () => {
  it.each<[string, () => NextRequest, string]>([
    ['a visitor on a public page', () => navigation('/about'), 'page'],
    ['a visitor on a protected page', () => navigation('/admin'), 'sign-in'],
    ['a user on a protected page', () => navigation('/admin', cookie(sessionToken(Date.now()))), 'page'],
    [
      'a session that needs a handshake',
      () => navigation('/admin', cookie(sessionToken(Date.now() - 600_000))),
      'handshake',
    ],
  ])('%s gets what Clerk answers', async (_name, request, expected) => {
    const { see, lines } = setUp();
    const [ours, alone] = [await see(request()), (await realMiddleware()(request(), event)) as Response];
    expect(outcomeOf(ours)).toBe(expected);
    const withoutCount = [...ours.headers].filter(([, value]) => !value.startsWith('__Host-__clerk_guard_loop'));
    // What differs is the moment, and the salt of what Clerk encrypts.
    expect(withoutCount.map(([name]) => name)).toEqual([...alone.headers].map(([name]) => name));
    expect(lines).toEqual([]);
  });

  it('passes on that a middleware has nothing to say', async () => {
    expect(await setUp({}, async () => undefined).see(navigation('/admin'))).toBeUndefined();
  });
});

describe('while Clerk does not answer', () => {
  const expired = () => cookie(sessionToken(Date.now() - 600_000));

  it.each<[string, typeof fetch, string]>([
    [
      'connections are refused',
      async () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })),
      'FRONTEND_API_UNREACHABLE',
    ],
    [
      'its name is not known',
      async () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } })),
      'FRONTEND_API_NOT_RESOLVED',
    ],
    ['it fails', async () => new Response('', { status: 503 }), 'FRONTEND_API_FAILING'],
  ])('no browser is sent there: %s', async (_name, fetch, code) => {
    const asked = vi.fn(fetch);
    const { see, lines, clock } = setUp({ fetch: asked });
    expect(outcomeOf(await see(navigation('/about', expired())))).toBe('page');
    const refused = await see(navigation('/admin', expired()));
    expect(refused.status).toBe(503);
    expect(lines[1]).toMatch(new RegExp(`guard ${code} refused`));
    expect(asked).toHaveBeenCalledTimes(1);
    expect(asked.mock.calls[0]?.[0]).toBe(`https://${frontendApi}/v1/environment`);
    asked.mockImplementation(async () => new Response('{}'));
    await clock.advance(2_000);
    expect(outcomeOf(await see(navigation('/admin', expired())))).toBe('handshake');
    await clock.advance(1_900);
    await see(navigation('/admin', expired()));
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('waits no longer than it is told', async () => {
    const { see, clock, lines } = setUp({ fetch: () => new Promise(() => {}), handshakeTimeoutMs: 3_000 });
    let answer: Response | undefined;
    void see(navigation('/admin', expired())).then((it) => {
      answer = it;
    });
    // Clerk's own work takes real time.
    await eventually(() => expect(clock.pendingTimers).toBe(1));
    await eventually(async () => {
      await clock.advance(500);
      expect(answer?.status).toBe(503);
    });
    expect(lines[0]).toMatch(/FRONTEND_API_UNREACHABLE/);
  });

  it('takes nobody for signed out whose handshake could not be read', async () => {
    // Clerk's Backend API is asked what stands behind the nonce; its fetch is Clerk's own, and this machine has none.
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('fetch failed')));
    const offline = loadClerk({
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: liveKeys.publishableKey,
      CLERK_SECRET_KEY: liveKeys.secretKey,
    });
    vi.unstubAllGlobals();
    const middleware = offline.clerkMiddleware(async (auth) => void (await auth.protect()), { jwtKey });
    const request = () => navigation('/admin?__clerk_handshake_nonce=abc');
    expect(outcomeOf(await middleware(request(), event))).toBe('sign-in');
    const fetch = async () => Promise.reject(new TypeError('fetch failed'));
    for (const options of [{ fetch }, { checkFrontendApi: false }])
      expect(outcomeOf(await setUp(options, middleware).see(request()))).toBe('503');
    // A nonce that is spent or made up is no outage: Clerk is there, and has said that there is none.
    expect(outcomeOf(await setUp({}, middleware).see(request()))).toBe('sign-in');
  });

  it('says that Clerk refuses the secret key, and asks nobody to sign in for it', async () => {
    const realSetTimeout = globalThis.setTimeout;
    vi.stubGlobal('setTimeout', (callback: () => void, ms = 0) => realSetTimeout(callback, ms / 100));
    vi.stubGlobal('fetch', async () =>
      Response.json({ errors: [{ code: 'clerk_key_invalid', message: 'x' }] }, { status: 401 }),
    );
    const refused = loadClerk({
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: liveKeys.publishableKey,
      CLERK_SECRET_KEY: liveKeys.secretKey,
    });
    const middleware = refused.clerkMiddleware(async (auth, { nextUrl }) => {
      if (nextUrl.pathname === '/admin') await auth.protect();
    });
    const { see, lines } = setUp({}, middleware);
    const request = (path: string) => navigation(path, cookie(sessionToken(Date.now())));
    expect(outcomeOf(await middleware(request('/admin'), event))).toBe('sign-in');
    expect([outcomeOf(await see(request('/about'))), outcomeOf(await see(request('/admin')))]).toEqual(['page', '503']);
    expect(lines[1]).toMatch(/guard SECRET_KEY_REFUSED refused/);
    vi.unstubAllGlobals();
  });

  it('can be told not to ask', async () => {
    const fetch = vi.fn();
    const { see } = setUp({ checkFrontendApi: false, fetch });
    expect(outcomeOf(await see(navigation('/admin', expired())))).toBe('handshake');
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('redirects in a circle', () => {
  const countIn = (answer: Response) => /__clerk_guard_loop=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];

  /** Follows as a browser does, slower than the 2 s that Clerk's own count lives. */
  async function follow(
    rig: Rig,
    path: string,
    token: () => string,
    most = 8,
  ): Promise<{ outcomes: string[]; last: Response }> {
    const outcomes: string[] = [];
    let count = '';
    for (;;) {
      const last = await rig.see(navigation(path, cookie(token(), count && `; __Host-__clerk_guard_loop=${count}`)));
      outcomes.push(outcomeOf(last));
      count = countIn(last) ?? count;
      if (last.status >= 400 || outcomes.length === most) return { outcomes, last };
    }
  }

  it.each<[string, (now: number) => string, number, string, string]>([
    ['a clock that is behind', (now) => sessionToken(now + 120_000), 0, 'handshake', 'CLOCK_SKEW'],
    ['a clock that is ahead', (now) => sessionToken(now - 120_000), 120_000, 'handshake', 'CLOCK_SKEW'],
    [
      'a key of another instance',
      (now) => sessionToken(now, {}, 'another'),
      0,
      'sign-in',
      'SECRET_KEY_OF_ANOTHER_INSTANCE',
    ],
  ])('%s: stopped after three, with a page that says why', async (_name, token, aheadMs, step, code) => {
    vi.stubEnv('NODE_ENV', 'development');
    const rig: Rig = setUp({
      fetch: async () => new Response('{}', { headers: { date: new Date(Date.now() - aheadMs).toUTCString() } }),
    });
    const { outcomes, last } = await follow(rig, '/admin', () => token(Date.now()));
    expect(outcomes).toEqual([step, step, step, '503']);
    expect(rig.lines[0]).toMatch(new RegExp(`guard ${code} refused`));
    expect(await last.text()).toContain(code);
    expect(countIn(last)).toBe(''); // "Retry" begins anew
  });

  it('says nothing of why in production, nor where nothing tells', async () => {
    const rig = setUp();
    const { outcomes, last } = await follow(rig, '/admin', () => sessionToken(Date.now() - 600_000));
    expect(outcomes).toEqual(['handshake', 'handshake', 'handshake', '503']);
    expect(rig.lines[0]).toMatch(/guard redirect_loop refused/);
    const page = await last.text();
    expect(page).not.toMatch(/loop|session-token|CLOCK/);
    expect(page).toMatch(/http-equiv="refresh"/); // it may be somebody who reloads while the browser waits for Clerk
  });

  it('serves a public page as to nobody instead', async () => {
    const { outcomes } = await follow(setUp(), '/about', () => sessionToken(Date.now() - 600_000), 4);
    expect(outcomes).toEqual(['handshake', 'handshake', 'handshake', 'page']);
  });

  it('is no way around the app’s handler, which decides as for nobody', async () => {
    const told: (string | null)[] = [];
    const middleware = clerk.clerkMiddleware(
      async (auth, request) => {
        told.push(
          (await auth()).userId,
          request.headers.get('authorization'),
          request.cookies.get('theme')?.value ?? '',
        );
        return new next.NextResponse('Not in your country.', { status: 403 });
      },
      { jwtKey },
    );
    const { outcomes, last } = await follow(
      setUp({}, middleware),
      '/about',
      () => `${sessionToken(Date.now() - 600_000)}; theme=dark`,
    );
    expect(outcomes).toEqual(['handshake', 'handshake', 'handshake', '403']);
    expect(await last.text()).toBe('Not in your country.');
    expect(told).toEqual([null, null, 'dark']);
  });

  it('is no loop: one handshake, then a session; several tabs; a visitor who is asked to sign in', async () => {
    const { see } = setUp();
    const first = await see(navigation('/admin', cookie(sessionToken(Date.now() - 600_000))));
    const count = countIn(first);
    const settled = await see(
      navigation('/admin', cookie(sessionToken(Date.now()), `; __Host-__clerk_guard_loop=${count}`)),
    );
    expect([outcomeOf(settled), countIn(settled)]).toEqual(['page', '']);
    // Restored tabs: each of another path.
    let tabs = '';
    for (const path of ['/a', '/b', '/c', '/d', '/e']) {
      const answer = await see(navigation(path, cookie(sessionToken(Date.now() - 600_000), tabs)));
      expect(outcomeOf(answer)).toBe('handshake');
      tabs = `; __Host-__clerk_guard_loop=${countIn(answer)}`;
    }
    for (let times = 0; times < 6; times++) {
      const answer = await see(navigation('/admin'));
      expect([outcomeOf(answer), countIn(answer)]).toEqual(['sign-in', undefined]);
    }
  });
});

describe('what Clerk says on an answer', () => {
  const answering = (status: number, headers: Record<string, string>, options: Partial<ClerkGuardOptions> = {}) =>
    setUp(options, async () => new Response(null, { status, headers }));

  it('is read behind the reason of `protect` itself, which answers programs with 404', async () => {
    const { see } = answering(404, {
      'x-clerk-auth-status': 'signed-out',
      'x-clerk-auth-reason': 'protect-rewrite, jwk-remote-failed-to-load',
    });
    expect((await see(navigation('/admin'))).status).toBe(503);
    const plain = answering(404, { 'x-clerk-auth-status': 'signed-out', 'x-clerk-auth-reason': 'protect-rewrite' });
    expect((await plain.see(navigation('/admin'))).status).toBe(404);
  });

  it.each<[string, string, string, number]>([
    ['asks the Frontend API of the key', 'handshake', frontendApi, 1],
    ['asks no other host, which a header may have named', 'handshake', '10.0.0.5:8080', 0],
    ['asks nobody where it is no handshake', 'signed-out', frontendApi, 0],
  ])('%s', async (_name, status, host, times) => {
    const asked = vi.fn(async () => new Response('{}'));
    const location = `https://${host}/v1/client/handshake?x=1`;
    const { see } = answering(307, { 'x-clerk-auth-status': status, location }, { fetch: asked });
    expect((await see(navigation('/'))).status).toBe(307);
    expect(asked).toHaveBeenCalledTimes(times);
  });
});

describe('a middleware that throws', () => {
  const throwing = (error: unknown) => setUp({}, async () => Promise.reject(error));

  it.each<[string, unknown, string[], RegExp]>([
    [
      'a bug of the app',
      new TypeError('Cannot read properties of undefined'),
      ['500', '500'],
      /guard handler_failed refused.*TypeError/,
    ],
    ['nothing that is an error', undefined, ['500', '500'], /guard handler_failed/],
    [
      'a network error',
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }),
      ['500', '500'],
      /guard handler_failed/,
    ],
    ['a setting that Clerk misses', new Error('Publishable key not valid.'), ['503', '503'], /guard unconfigured/],
    [
      'one whose words are like Clerk’s',
      new Error('No encryption key for the consent cookie'),
      ['500', '500'],
      /guard handler_failed/,
    ],
    [
      'Clerk’s Backend API, asked by the handler',
      Object.assign(new Error('Too many requests'), { clerkError: true, status: 429, errors: [] }),
      ['503', '503'],
      /guard FRONTEND_API_FAILING refused/,
    ],
  ])('%s', async (_name, error, outcomes, line) => {
    const { see, lines, reports } = throwing(error);
    expect([outcomeOf(await see(navigation('/about'))), outcomeOf(await see(navigation('/admin')))]).toEqual(outcomes);
    expect(lines[0]).toMatch(line);
    expect(reports[0]?.error).toBe(error);
    expect(lines.join()).not.toMatch(/Cannot read|fetch failed|not valid|consent|Too many/);
  });

  it.each(['NEXT_REDIRECT;replace;/sign-in;307;', 'NEXT_HTTP_ERROR_FALLBACK;404', 'NEXT_NOT_FOUND'])(
    'lets Next.js have its own: %s',
    async (digest) => {
      const error = Object.assign(new Error(digest), { digest });
      const { see, lines } = throwing(error);
      await expect(see(navigation('/admin'))).rejects.toBe(error);
      expect(lines).toEqual([]);
    },
  );

  it('is a bug of the app also inside of the real middleware, and its redirect is Clerk’s affair', async () => {
    const of = (handler: () => never) =>
      setUp(
        {},
        clerk.clerkMiddleware(async () => handler(), { jwtKey }),
      ).see(navigation('/about'));
    expect(
      (
        await of(() => {
          throw new RangeError('x');
        })
      ).status,
    ).toBe(500);
    const redirected = await of(() => {
      throw Object.assign(new Error('NEXT_REDIRECT'), {
        digest: 'NEXT_REDIRECT;replace;https://app.example.com/x;307;',
        redirectUrl: 'https://app.example.com/x',
      });
    });
    expect(redirected.headers.get('location')).toBe('https://app.example.com/x');
  });

  it('is told once in ten seconds while pages are served, and each time while they are not', async () => {
    const { see, lines, clock } = setUp({ secretKey: '' });
    for (let times = 0; times < 5; times++) await see(navigation('/about'));
    expect(lines).toHaveLength(1);
    await clock.advance(10_000);
    await see(navigation('/about'));
    for (let times = 0; times < 3; times++) await see(navigation('/admin'));
    expect(lines).toHaveLength(5);
    const page = await (await see(navigation('/admin'))).text();
    expect(page).toContain(/refused (\w{8})/.exec(lines.at(-1) ?? '')?.[1]);
  });

  it('answers whatever a logger and onError throw', async () => {
    const fail = () => {
      throw new Error('x');
    };
    for (const onError of [fail, async () => fail()]) {
      const { see } = setUp({ secretKey: '', logger: { warn: fail, error: fail }, onError });
      expect((await see(navigation('/admin'))).status).toBe(503);
    }
  });
});

describe('the answer in place of a page', () => {
  const answerTo = async (headers: Record<string, string>, method = 'GET', options: Partial<ClerkGuardOptions> = {}) =>
    setUp({ secretKey: undefined, ...options }).see(navigation('/admin', { headers, method }));

  it.each([
    ['en-GB,en;q=0.9', 'en', 'ltr', 'Sign-in isn’t working'],
    ['ru', 'ru', 'ltr', 'Вход'],
    ['bn-BD', 'bn', 'ltr', 'সাইন'],
    ['ar-EG,en;q=0.5', 'ar', 'rtl', 'تسجيل الدخول'],
    ['es-419', 'es', 'ltr', ''],
    ['de', 'de', 'ltr', ''],
    ['fr;q=0.4, pt-BR;q=0.9', 'pt', 'ltr', ''],
    ['fr', 'fr', 'ltr', ''],
    ['hi', 'hi', 'ltr', ''],
    ['ja', 'ja', 'ltr', ''],
    ['zh-Hant-TW', 'zh', 'ltr', ''],
    ['tlh, en;q=0', 'en', 'ltr', ''],
    ['', 'en', 'ltr', ''],
  ])('is in the reader’s language: %s', async (accepted, lang, dir, text) => {
    const answer = await answerTo({ 'accept-language': accepted });
    const page = await answer.text();
    expect(page).toMatch(new RegExp(`<html lang="${lang}[^"]*" dir="${dir}">`));
    expect(page).toContain(text);
    expect(answer.headers.get('content-language')?.split('-')[0]).toBe(lang);
    expect(page).not.toMatch(/key|SECRET|CLERK|Clerk|Convex|environment/);
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['a fetch', { accept: '*/*', 'sec-fetch-dest': 'empty' }, 'GET', 'application/json'],
    ['a program that wants JSON', { accept: 'application/json', 'sec-fetch-dest': '' }, 'GET', 'application/json'],
    ['a program’s POST', { accept: 'text/html', 'sec-fetch-dest': '' }, 'POST', 'text/plain'],
    [
      'a program that takes JSON rather',
      { accept: 'application/json, text/html;q=0.1', 'sec-fetch-dest': '' },
      'GET',
      'application/json',
    ],
    [
      'a program that takes no HTML',
      { accept: 'application/json, text/html;q=0', 'sec-fetch-dest': '' },
      'GET',
      'application/json',
    ],
    ['a navigation of the router', { rsc: '1' }, 'GET', 'text/plain'],
    ['a server action', { 'next-action': 'abc', accept: 'text/x-component' }, 'POST', 'text/plain'],
    ['the data of a page', { 'x-nextjs-data': '1' }, 'GET', 'application/json'],
    ['an image', { accept: 'image/avif,image/webp', 'sec-fetch-dest': 'image' }, 'GET', 'text/plain'],
  ])('is of use to %s', async (_name, headers, method, type) => {
    const answer = await answerTo(headers, method);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      503,
      type === 'text/plain' ? type : `${type}; charset=utf-8`,
    ]);
    const body = await answer.text();
    expect(body).not.toMatch(/key|SECRET|<|_MISSING/);
    if (type === 'application/json') {
      expect(JSON.parse(body)).toEqual({
        code: 'auth_unavailable',
        retryable: false,
        reference: expect.stringMatching(/^\w{8}$/),
      });
    }
  });

  it.each([
    ['as a browser posts it', 'application/x-www-form-urlencoded', {}],
    ['of a server action, before its script', 'multipart/form-data; boundary=x', {}],
    ['whatever is accepted', 'application/x-www-form-urlencoded', { accept: '*/*' }],
  ])(
    'is a page for who has sent a form as a document, and leaves what was written alone: %s',
    async (_name, type, more) => {
      // In an outage, where a page that was only read asks again by itself.
      const fetch = async () => Promise.reject(new TypeError('fetch failed'));
      const { see } = rigOf(middlewareOf(clerk), { fetch });
      const init = cookie(sessionToken(Date.now() - 600_000));
      const headers = { ...init.headers, 'content-type': type, 'accept-language': 'ru-RU', ...more };
      const answer = await see(navigation('/admin', { method: 'POST', headers, body: 'a=1' }));
      const page = await answer.text();
      expect([answer.status, answer.headers.get('content-language')]).toEqual([503, 'ru']);
      expect(page).toContain('Сервис входа не\u00a0отвечает');
      expect(page).not.toMatch(/http-equiv|секунд|\{when\}|<p><\/p>/);
      const read = await (await see(navigation('/admin', { headers: { ...headers, 'content-type': '' } }))).text();
      expect(read).toMatch(/http-equiv="refresh".*секунд/s);
    },
  );

  it('has headers that say nothing', async () => {
    const answer = await answerTo({});
    expect([...answer.headers.keys()].sort()).toEqual([
      'cache-control',
      'content-language',
      'content-security-policy',
      'content-type',
      'referrer-policy',
      'retry-after',
      'vary',
      'x-content-type-options',
    ]);
    expect(await (await answerTo({}, 'HEAD')).text()).toBe('');
  });

  it('asks again by itself in an outage, and takes the app’s own words', async () => {
    const { see } = setUp(
      { messages: { clerk_unreachable: 'Ein <Moment> bitte' }, locale: (await import('../../locales/de.ts')).de },
      // As @clerk/backend throws it.
      async () => Promise.reject(Object.assign(new Error('x'), { clerkError: true, status: 503, errors: [] })),
    );
    const answer = await see(navigation('/admin', { headers: { 'accept-language': 'fr' } }));
    const page = await answer.text();
    expect(page).toContain('lang="de"');
    expect(page).toContain('Ein &lt;Moment&gt; bitte');
    const seconds = Number(answer.headers.get('retry-after'));
    expect(page).toContain(`<meta http-equiv="refresh" content="${seconds}">`);
    expect(seconds).toBeGreaterThanOrEqual(5);
    expect(seconds).toBeLessThanOrEqual(10);
    // What a handshake has brought is over by then.
    const brought = await (await see(navigation('/admin?__clerk_handshake_nonce=abc&a=%22b'))).text();
    expect(brought).toMatch(/<meta http-equiv="refresh" content="\d+;url=\?a=%22b">.*<a href="\?a=%22b">/s);
  });

  it('keeps nobody away for an hour, however long Clerk says', async () => {
    const { see } = setUp({ fetch: async () => new Response('', { status: 503, headers: { 'retry-after': '3600' } }) });
    const answer = await see(navigation('/admin', cookie(sessionToken(Date.now() - 600_000))));
    expect([answer.status, Number(answer.headers.get('retry-after')) <= 120]).toEqual([503, true]);
  });

  it.each([
    ['en', 'Seen', 'Copy'],
    ['ru', 'Сейчас', 'API keys'],
    ['bn', 'এখন আছে', 'API keys'],
  ])('shows a developer the finding, what was seen and what to do: %s', async (lang, seen, fix) => {
    vi.stubEnv('NODE_ENV', 'development');
    const answer = await answerTo({ 'accept-language': lang }, 'GET', { secretKey: 'sk_live_"verysecret"' });
    const page = await answer.text();
    for (const text of ['SECRET_KEY_MALFORMED', seen, fix, 'sk_live_…', 'findings/SECRET_KEY_MALFORMED.md'])
      expect(page).toContain(text);
    expect(page).not.toContain('verysecret');
  });

  it('does not blame the sign-in for a handler that has thrown, as while a database is down', async () => {
    const down = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    const { see } = setUp({}, async () => Promise.reject(down));
    const answers = await Promise.all(
      [{}, { 'accept-language': 'ru' }, { 'sec-fetch-dest': 'empty', accept: '*/*' }, { 'next-url': '/' }].map(
        (headers) => see(navigation('/admin', { headers })),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    const [english = '', russian = '', json = '', text = ''] = await Promise.all(answers.map((each) => each.text()));
    expect(english).toContain('<h1>The server isn’t answering</h1><p>This is ours to fix.');
    expect(russian).toContain('<h1>Сервер не\u00a0отвечает</h1>');
    expect(JSON.parse(json)).toMatchObject({ code: 'server_error', reference: expect.stringMatching(/^\w{8}$/) });
    expect(text).toMatch(/^Internal server error\. Reference: \w{8}\n$/);
    expect(english + russian + json + text).not.toMatch(/sign.?in|auth|вход|unavailable|ECONN|10\.0/i);
  });

  it('shows a developer what a handler has thrown, without what is secret, and as text', async () => {
    vi.stubEnv('NODE_ENV', 'development');
    const { see } = setUp({}, async () =>
      Promise.reject(new Error('no <b> for sk_live_verysecret of ada@example.com')),
    );
    const page = await (await see(navigation('/admin'))).text();
    expect(page).toContain('Error: no &lt;b&gt; for');
    expect(page).not.toMatch(/verysecret|ada@|<b>/);
  });
});

it.each<[string, unknown, unknown]>([
  ['no function', 'clerk', {}],
  ['no list of paths', undefined, { publicRoutes: '/about' }],
  ['a pattern that says more', undefined, { publicRoutes: ['/blog/(.*)'] }],
  ['a path without a slash', undefined, { protectedRoutes: ['about'] }],
  ['no time', undefined, { handshakeTimeoutMs: 0 }],
  ['no logger', undefined, { logger: { warn() {} } }],
  ['no callback', undefined, { onError: 'x' }],
  ['no yes or no', undefined, { checkFrontendApi: 'no' }],
])('refuses what cannot be used when it is given: %s', (_name, middleware, options) => {
  expect(() => withClerkGuard(middleware as never, options as never)).toThrow(
    expect.objectContaining({ code: 'invalid_option' }),
  );
});

// What @clerk/backend 2.33 does, before the handler runs.
const throwingAt = (token: string) => async (request: NextRequest) => {
  if ([request.headers.get('cookie'), request.headers.get('authorization')].join().includes(token))
    throw new SyntaxError('Unexpected end of data');
  return request.nextUrl.pathname === '/admin' ? next.NextResponse.redirect('https://app.example.com/sign-in') : null;
};
const whole = sessionToken(Date.now());

it.each([
  ['letters', 'a.b.c'],
  ['one that was cut off', whole.slice(0, -1)],
  ['one with something else in it', whole.replace('.', '.!')],
  ['a signature whose last letter stands for nothing', `${whole.slice(0, -1)}B`],
  ['a head that cannot be read', whole.replace(/^[^.]+/, '!!')],
  ['claims that are no object', `${btoa('{}')}.${btoa('1')}.AA`],
])('takes a browser for nobody whose cookie holds what is no token: %s', async (_name, token) => {
  const { see, lines } = rigOf(throwingAt(token));
  expect(outcomeOf(await see(navigation('/about', cookie(token))))).toBe('page');
  expect(outcomeOf(await see(navigation('/admin', cookie(token))))).toBe('sign-in');
  expect(outcomeOf(await see(navigation('/admin', { headers: { authorization: `Bearer ${token}` } })))).toBe('sign-in');
  expect(lines).toEqual([]);
  // It may have had an effect, as far as anybody can see.
  expect(outcomeOf(await see(navigation('/about', { ...cookie(token), method: 'POST' })))).toBe('500');
});

it('does not ask a handler twice that throws for somebody whose token can be read, nor forgives one that throws for nobody', async () => {
  const ofUser = vi.fn(throwingAt(whole));
  expect(outcomeOf(await rigOf(ofUser).see(navigation('/about', cookie(whole))))).toBe('500');
  expect(ofUser).toHaveBeenCalledTimes(1);
  const always = vi.fn(async () => Promise.reject(new TypeError('broken')));
  expect(outcomeOf(await rigOf(always).see(navigation('/about', cookie('a.b.c'))))).toBe('500');
  expect(always).toHaveBeenCalledTimes(2);
});

// Before anything has run there is no effect to be had twice: a webhook comes through, whatever is wrong with the keys.
it.each(['POST', 'PUT', 'DELETE'])(
  'serves a %s to what is public where the keys alone are wrong, and refuses it elsewhere',
  async (method) => {
    for (const keys of [
      { secretKey: 'sk_test_of_another_kind' },
      { secretKey: undefined },
      { publishableKey: 'pk_live_x' },
    ]) {
      const { see } = rigOf(middlewareOf(clerk), keys);
      expect(outcomeOf(await see(navigation('/about', { method, body: '{}' })))).toBe('page');
      expect(outcomeOf(await see(navigation('/admin', { method, body: '{}' })))).toBe('503');
    }
  },
);

it('has the handler decide of a POST where the secret key is of another kind', async () => {
  const middleware = vi.fn(async () => new Response(null, { status: 403 }));
  const { see } = rigOf(middleware, { secretKey: 'sk_test_of_another_kind' });
  expect((await see(navigation('/about', { method: 'POST', body: '{}' }))).status).toBe(403);
  expect(middleware).toHaveBeenCalledTimes(1);
});

it('leaves a visitor who came back from a handshake with what it has brought, though Clerk is down since', async () => {
  const headers = {
    'x-clerk-auth-status': 'signed-out',
    'set-cookie': '__client_uat=0',
    location: 'https://app.example.com/sign-in',
  };
  const { see, lines } = rigOf(async () => new Response(null, { status: 307, headers }), {
    fetch: async () => Promise.reject(new TypeError('fetch failed')),
  });
  expect(outcomeOf(await see(navigation('/admin?__clerk_handshake_nonce=abc')))).toBe('sign-in');
  expect(lines).toEqual([]);
});

it.each([
  ['a language that is none', { messages: { lang: 'no language' } }],
  ['a locale without texts', { locale: {} as never }],
])('answers 503 in plain words where the page cannot be written: %s', async (_name, options) => {
  const fetch = async () => Promise.reject(new TypeError('fetch failed'));
  const over = cookie(sessionToken(Date.now() - 600_000));
  const answer = await rigOf(middlewareOf(clerk), { fetch, ...options }).see(navigation('/admin', over));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/plain']);
  expect(await answer.text()).toMatch(/^Service unavailable\. Reference: \w{8}\n$/);
});
