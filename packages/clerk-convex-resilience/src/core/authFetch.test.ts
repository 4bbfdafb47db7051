import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { useAuth as useAuth5 } from '@clerk/clerk-react';
import type { useAuth as useAuth6 } from '@clerk/react';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { type AuthFetchOptions, createAuthFetch } from './authFetch.ts';
import { AuthResilienceError } from './errors.ts';
import type { AuthEvent } from './events.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createScriptedFetch, type ScriptedAnswer, type ScriptedCall } from './testFetch.ts';

const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
const ann = (iat: number): string => jwt({ sub: 'user_ann', iat });
const bearer = (token: string): string => `Bearer ${token}`;
const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const netError = (): Error => new TypeError('Failed to fetch');
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

type GetToken = AuthFetchOptions['getToken'];

function setUp(
  answer: (call: ScriptedCall & { readonly authorization: string | null }, index: number) => ScriptedAnswer,
  options: Partial<AuthFetchOptions> & { readonly page?: string | undefined } = {},
) {
  const { page = 'https://app.test/inbox', ...rest } = options;
  const clock = createTestClock();
  const browser = createTestConnectivity(page);
  const connectivity = { ...browser, baseUrl: 'page' in options ? options.page : page };
  const events: AuthEvent[] = [];
  const authorizations: (string | null)[] = [];
  const scripted = createScriptedFetch(clock.now, (call, index) =>
    answer({ ...call, authorization: authorizations[index] ?? null }, index),
  );
  const spy: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    authorizations.push(headers.get('authorization'));
    return scripted.fetch(input, init);
  };
  /** Clerk: the same token from the cache, another one when it is forced. */
  let minted = 1;
  const getToken = vi.fn<GetToken>(async ({ skipCache }) => ann(skipCache ? ++minted : minted));
  const send = createAuthFetch({
    getToken,
    fetch: spy,
    clock,
    connectivity,
    onEvent: (event) => events.push(event),
    ...rest,
  });
  const forced = (): number => getToken.mock.calls.filter(([{ skipCache }]) => skipCache).length;
  return { clock, send, calls: scripted.calls, authorizations, events, getToken, forced, storage: browser.storage };
}

const refuse =
  (...tokens: string[]) =>
  ({ authorization }: { readonly authorization: string | null }) =>
    tokens.map(bearer).includes(authorization ?? '') ? json({}, 401) : json({ ok: true });

afterEach(() => vi.restoreAllMocks());

describe('a session that this browser has signed out of, while Clerk cannot be told', () => {
  const key = 'clerk-convex-resilience:signed-out';
  const iss = 'https://clerk.example.com';
  const of = (sid: string | undefined, issuer = iss) => jwt({ sub: 'user_ann', iss: issuer, ...(sid && { sid }) });
  const sent = async (token: string, mark: readonly string[]): Promise<string | null | undefined> => {
    const { send, authorizations, storage } = setUp(() => json({}), { getToken: async () => token });
    storage.set(key, JSON.stringify(mark));
    await send('/me');
    return authorizations[0];
  };

  it.each<[string, string | undefined, readonly string[]]>([
    ['by name', 'sess_a', ['sess_b', 'sess_a']],
    ['by name and instance', 'sess_a', ['sess_a clerk.example.com']],
    ['as everyone', 'sess_a', ['*']],
    ['as everyone of the instance', undefined, ['* clerk.example.com']],
  ])('is sent for no more: %s', async (_, sid, mark) => {
    expect(await sent(of(sid), mark)).toBeNull();
  });

  it('is known as everyone behind a proxy, whose tokens are issued by that', async () => {
    expect(await sent(of('sess_a', 'https://app.test/__clerk'), ['* clerk.example.com'])).toBeNull();
  });

  it('leaves others alone: other sessions, other instances, tokens that do not say of which session they are', async () => {
    for (const [token, mark] of [
      [of('sess_a'), ['sess_b']],
      [of('sess_a'), ['* clerk.other.test']],
      [of(undefined), ['sess_b']],
      [of('sess_a'), []],
    ] as const) {
      expect(await sent(token, mark)).toBe(bearer(token));
    }
  });

  it('sends nothing at all where Clerk still says that somebody is signed in', async () => {
    const { send, calls, storage } = setUp(() => json({}), {
      getToken: async () => of('sess_a'),
      isSignedIn: () => true,
    });
    storage.set(key, '["sess_a"]');
    await expect(send('/me')).rejects.toMatchObject({ code: 'no_token' });
    expect(calls).toEqual([]);
  });

  it('ends what is being tried again', async () => {
    const set = setUp((_, index) => (index === 0 ? netError() : json({})), { getToken: async () => of('sess_a') });
    const answer = set.send('/me');
    answer.catch(() => {});
    await settle();
    set.storage.set(key, '["sess_a"]');
    await set.clock.advance(10_000);
    await expect(answer).rejects.toMatchObject({ code: 'session_changed' });
    expect(set.calls).toHaveLength(1);
  });
});

describe('createAuthFetch', () => {
  it('sends Clerk’s token with the request, and the caller’s headers as they are', async () => {
    const { send, authorizations, calls } = setUp(() => json({ ok: true }));
    expect(await (await send('/api/me', { headers: { 'x-mine': '1' } })).json()).toEqual({ ok: true });
    await send(new URL('https://app.test/api/me'));
    await send(new Request('https://app.test/api/me', { method: 'POST', body: 'a=1', headers: { 'x-mine': '1' } }));
    expect(authorizations).toEqual([bearer(ann(1)), bearer(ann(1)), bearer(ann(1))]);
    expect(calls[0]?.url).toBe('https://app.test/api/me');
    expect(calls[2]).toMatchObject({ method: 'POST', body: 'a=1' });
  });

  it('keeps the headers of a Request beside the token', async () => {
    const seen: string[] = [];
    const { send } = setUp(() => json({}), {
      fetch: async (_, init) => {
        seen.push(...[...new Headers(init?.headers).keys()]);
        return json({});
      },
    });
    await send(new Request('https://app.test/api', { headers: { 'x-mine': '1' } }));
    expect(seen).toEqual(['authorization', 'x-mine']);
  });

  it('lets an Authorization header of the caller’s win, and gives its 401 back', async () => {
    for (const asRequest of [true, false]) {
      const { send, authorizations, getToken } = setUp(() => json({}, 401));
      const init = { headers: { Authorization: 'Basic mine' } };
      const answer = await (asRequest ? send(new Request('https://app.test/a', init)) : send('/a', init));
      expect(answer.status).toBe(401);
      if (!asRequest) expect(authorizations).toEqual(['Basic mine']);
      expect(getToken).not.toHaveBeenCalled();
    }
  });

  describe('where the token goes', () => {
    it.each([
      ['https://evil.test/steal'],
      ['//evil.test/steal'],
      ['https://app.test@evil.test/steal'],
      ['http://app.test/steal'],
      ['https://app.test:8443/steal'],
      ['https://app.test.evil.test/steal'],
      ['data:application/json,{}'],
    ])('sends %s without it', async (url) => {
      const { send, authorizations, events, getToken } = setUp(() => json({}, 401));
      await send(url);
      await send(url);
      expect(authorizations).toEqual([null, null]);
      expect(getToken).not.toHaveBeenCalled();
      expect(events.filter(({ type }) => type === 'token_withheld')).toHaveLength(1);
      expect(JSON.stringify(events)).not.toContain('steal');
    });

    it('says in the console which origin got none, when nobody hears the event', async () => {
      const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
      const { send } = setUp(() => json({}), { onEvent: undefined as never });
      await send('https://api.test/me?secret=1');
      await send('https://api.test/me?secret=1');
      expect(warned).toHaveBeenCalledTimes(1);
      expect(warned.mock.calls[0]?.[0]).toMatch(/No token was sent to https:\/\/api\.test: .*origins/);
    });

    it('goes to an origin that the app lists, and to that of baseUrl', async () => {
      const { send, authorizations, calls } = setUp(() => json({}), {
        origins: ['https://api.test'],
        baseUrl: 'https://gateway.test/v1/',
      });
      await send('https://api.test/me');
      await send('me');
      await send('https://app.test/me');
      await send('https://other.test/me');
      expect(authorizations.map(Boolean)).toEqual([true, true, true, false]);
      expect(calls[1]?.url).toBe('https://gateway.test/v1/me');
    });

    it('needs a baseUrl or origins where there is no page, and says so at the call', async () => {
      const { send, calls } = setUp(() => json({}), { page: undefined });
      await expect(send('https://api.test/me')).rejects.toThrow(/baseUrl is undefined, but it must be given where/);
      expect(calls).toHaveLength(0);
      const server = setUp(() => json({}), { page: undefined, baseUrl: 'https://api.test' });
      await server.send('/me');
      expect(server.authorizations).toEqual([bearer(ann(1))]);
      expect(server.calls[0]?.url).toBe('https://api.test/me');
    });

    it('never follows a redirect to another origin', async () => {
      const heard: IncomingHttpHeaders[] = [];
      const servers = [0, 1].map(() =>
        createServer((request, response) => {
          heard.push(request.headers);
          if (request.url === '/away') response.writeHead(302, { location: `${origins[1]}/arrived` });
          response.end('{}');
        }).listen(0, '127.0.0.1'),
      );
      await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
      const origins = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const send = createAuthFetch({ getToken: async () => ann(1), baseUrl: origins[0] as string });
      expect((await send('/away')).url).toBe(`${origins[1]}/arrived`);
      expect(heard.map(({ authorization }) => authorization)).toEqual([bearer(ann(1)), undefined]);
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    });
  });

  describe('a 401', () => {
    it('forces one new token and sends once more', async () => {
      const { send, authorizations, forced } = setUp(refuse(ann(1)));
      expect((await send('/me', { method: 'POST', body: 'a=1' })).status).toBe(200);
      expect(authorizations).toEqual([bearer(ann(1)), bearer(ann(2))]);
      expect(forced()).toBe(1);
    });

    it('is given back after that, and the token that was new is not replaced again', async () => {
      const { send, authorizations, forced } = setUp(() => json({ why: 'no' }, 401));
      const answer = await send('/me');
      expect([answer.status, await answer.json()]).toEqual([401, { why: 'no' }]);
      expect(authorizations).toHaveLength(2);
      expect((await send('/me')).status).toBe(401);
      expect(authorizations).toHaveLength(3);
      expect(forced()).toBe(1);
    });

    it('shares one forced refresh among all requests that were refused with the same token, late ones too', async () => {
      let open: (() => void) | undefined;
      const late = new Promise<void>((resolve) => {
        open = resolve;
      });
      const answer = refuse(ann(1));
      const { send, forced } = setUp(() => json({}), {
        fetch: async (input, init) => {
          const authorization = new Headers(init?.headers).get('authorization');
          if (String(input).endsWith('/late') && authorization === bearer(ann(1))) await late;
          return answer({ authorization });
        },
      });
      const answers = [send('/a'), send('/b'), send('/late'), send('/c')];
      await Promise.all([answers[0], answers[1], answers[3]]);
      open?.();
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(forced()).toBe(1);
    });

    it('that comes late is given back to a user who has signed out since, and not answered with what others were given', async () => {
      let user: 'ann' | null = 'ann';
      let open: (() => void) | undefined;
      const late = new Promise<void>((resolve) => {
        open = resolve;
      });
      const { send, authorizations } = setUp(() => json({}), {
        getToken: async ({ skipCache }) => (user ? ann(skipCache ? 2 : 1) : null),
        fetch: async (input, init) => {
          const authorization = new Headers(init?.headers).get('authorization');
          authorizations.push(authorization);
          if (String(input).endsWith('/late')) await late;
          return refuse(ann(1))({ authorization });
        },
      });
      const answer = send('/late');
      expect((await send('/a')).status).toBe(200);
      user = null;
      open?.();
      expect((await answer).status).toBe(401);
      expect(authorizations).toEqual([bearer(ann(1)), bearer(ann(1)), bearer(ann(2))]);
    });

    it('of a request that nobody sent is not answered with the token of a user who has signed out since', async () => {
      let user: 'ann' | null = 'ann';
      const { send, authorizations } = setUp(({ authorization }) => json({}, authorization ? 200 : 401), {
        // Not loaded yet, and then signed out.
        getToken: async ({ skipCache }) => (user && skipCache ? ann(1) : null),
      });
      expect((await send('/me')).status).toBe(200);
      user = null;
      expect((await send('/me')).status).toBe(401);
      expect(authorizations).toEqual([null, bearer(ann(1)), null]);
    });

    it('is the answer when Clerk has no other token', async () => {
      for (const again of [null, ann(1)]) {
        const { send, authorizations } = setUp(() => json({}, 401), {
          getToken: async ({ skipCache }) => (skipCache ? again : ann(1)),
        });
        expect((await send('/me')).status).toBe(401);
        expect(authorizations).toHaveLength(1);
      }
    });

    it('asks for a token that was not there at first', async () => {
      const { send, authorizations } = setUp(({ authorization }) => json({}, authorization ? 200 : 401), {
        getToken: async ({ skipCache }) => (skipCache ? ann(1) : null),
      });
      expect((await send('/me')).status).toBe(200);
      expect(authorizations).toEqual([null, bearer(ann(1))]);
    });

    it.each([
      ['another user', { sub: 'user_bob' }, 1],
      ['another organisation', { sub: 'user_ann', org_id: 'org_2' }, 1],
      ['another organisation, in version 2', { sub: 'user_ann', o: { id: 'org_2' } }, 1],
      ['the same user', { sub: 'user_ann', iat: 2 }, 2],
    ])('is never answered with a token of %s', async (_, claims, expected) => {
      const { send, calls } = setUp(refuse(ann(1)), {
        getToken: async ({ skipCache }) => (skipCache ? jwt(claims) : ann(1)),
      });
      expect((await send('/me')).status).toBe(expected === 1 ? 401 : 200);
      expect(calls).toHaveLength(expected);
    });

    it('is given back for a body that is a stream', async () => {
      const { send, calls, forced } = setUp(() => json({}, 401));
      const body = new ReadableStream({ start: (controller) => controller.close() });
      const answer = await send('/upload', { method: 'PUT', body, duplex: 'half' } as RequestInit);
      expect(answer.status).toBe(401);
      expect(calls.map((call) => call.body)).toEqual([body]);
      expect(forced()).toBe(0);
    });

    it('sends the body of a Request again, whole', async () => {
      const { send, calls } = setUp(refuse(ann(1)));
      await send(new Request('https://app.test/me', { method: 'POST', body: 'a=1' }));
      expect(calls.map(({ body }) => body)).toEqual(['a=1', 'a=1']);
    });
  });

  it('sends without a token when nobody is signed in', async () => {
    const { send, authorizations } = setUp(() => json({}), { getToken: async () => null });
    await send('/public');
    expect(authorizations).toEqual([null]);
  });

  it('throws what getToken throws, and sends nothing', async () => {
    const offline = Object.assign(new Error('x'), { code: 'clerk_offline' });
    const { send, calls } = setUp(() => json({}), { getToken: () => Promise.reject(offline) });
    await expect(send('/me')).rejects.toBe(offline);
    expect(calls).toHaveLength(0);
  });

  it('takes null for an outage while somebody is signed in, and sends nothing', async () => {
    let signedIn = true;
    const { send, calls, authorizations } = setUp(() => json({}), {
      getToken: () => Promise.resolve(null),
      isSignedIn: () => signedIn,
    });
    await expect(send('/me')).rejects.toMatchObject({ code: 'no_token' });
    expect(calls).toHaveLength(0);
    signedIn = false;
    await send('/me');
    expect(authorizations).toEqual([null]);
  });

  it('throws, not a 401, when the token cannot be renewed at the moment: an outage is no sign-out', async () => {
    const offline = Object.assign(new Error('x'), { code: 'clerk_offline' });
    const { send, forced } = setUp(() => json({}, 401), {
      getToken: async ({ skipCache }) => {
        if (skipCache) throw offline;
        return ann(1);
      },
    });
    await expect(send('/me')).rejects.toBe(offline);
    // and it is asked for again by the next one
    await expect(send('/me')).rejects.toBe(offline);
    expect(forced()).toBe(0);
  });

  it('retries what is idempotent, each time with the token of the moment', async () => {
    let minted = 0;
    const { send, clock, authorizations } = setUp((_, index) => (index < 2 ? netError() : json({})), {
      getToken: async () => ann(++minted),
    });
    const answer = send('/me');
    await clock.advance(10_000);
    expect((await answer).status).toBe(200);
    expect(authorizations).toEqual([bearer(ann(1)), bearer(ann(2)), bearer(ann(3))]);
  });

  it.each([
    ['is sent once', false, 1],
    ['is repeated on request', true, 2],
  ])('a POST %s', async (_, retryNonIdempotent, expected) => {
    const { send, clock, calls } = setUp((__, index) => (index === 0 ? netError() : json({})), { retryNonIdempotent });
    const answer = send('/me', { method: 'POST' }).catch(() => {});
    await clock.advance(10_000);
    await answer;
    expect(calls).toHaveLength(expected);
  });

  it.each<[string, string | null]>([
    ['signed out', null],
    ['signed in as somebody else', jwt({ sub: 'user_bob' })],
  ])('does not send it again for a user who has %s during the wait', async (_, later) => {
    let now: string | null = ann(1);
    const { send, clock, calls } = setUp(netError, { getToken: async () => now });
    const answer = send('/me').catch((error: unknown) => error);
    await clock.advance(0);
    now = later;
    await clock.advance(60_000);
    expect(await answer).toMatchObject({ name: 'AuthResilienceError', code: 'session_changed' });
    expect(calls).toHaveLength(1);
  });

  it('ends at once with the caller’s signal while it waits for a token, and leaves no listener', async () => {
    for (const hangs of [false, true]) {
      const { send, calls } = setUp(() => json({}, 401), {
        getToken: ({ skipCache }) => (skipCache === hangs ? new Promise(() => {}) : Promise.resolve(ann(1))),
      });
      const mine = new AbortController();
      const answer = send('/me', { signal: mine.signal }).catch((error: unknown) => error);
      await settle();
      mine.abort();
      expect(await answer).toMatchObject({ name: 'AbortError' });
      expect(calls).toHaveLength(hangs ? 1 : 0);
    }
  });

  it('lets one caller leave while others wait for the same new token', async () => {
    let give: ((token: string) => void) | undefined;
    const { send } = setUp(refuse(ann(1)), {
      getToken: ({ skipCache }) =>
        skipCache
          ? new Promise((resolve) => {
              give = resolve;
            })
          : Promise.resolve(ann(1)),
    });
    const mine = new AbortController();
    const left = send('/a', { signal: mine.signal }).catch((error: unknown) => error);
    const stayed = send('/b');
    await settle();
    mine.abort();
    await left;
    give?.(ann(2));
    expect((await stayed).status).toBe(200);
  });

  it('puts no deadline on the token: the guard may be holding its request', async () => {
    let give: ((token: string) => void) | undefined;
    const { send, clock, calls } = setUp(() => json({}), {
      getToken: () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    });
    const answer = send('/me');
    await clock.advance(300_000);
    expect(calls).toHaveLength(0);
    give?.(ann(1));
    expect((await answer).status).toBe(200);
  });

  it('leaves no rejection unhandled where the caller had left before it began', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { send } = setUp(() => json({}), { getToken: () => Promise.reject(netError()) });
    const init = { method: 'POST', body: '{}', signal: AbortSignal.abort() };
    await expect(send('/me', init)).rejects.toMatchObject({ name: 'AbortError' });
    await settle();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('never tells a token', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { send, clock, events } = setUp(({ authorization }, index) =>
      index === 0 ? netError() : refuse(ann(1))({ authorization }),
    );
    const answer = send('/me?token=1');
    await clock.advance(10_000);
    await answer;
    expect(events.map(({ type }) => type)).toEqual(['request_failed', 'request_recovered', 'token_refused']);
    expect(JSON.stringify(events)).not.toMatch(/e30\.|\/me|token=/);
    expect(told).not.toHaveBeenCalled();
  });

  it('takes Clerk’s getToken as it is, and is a fetch', () => {
    expectTypeOf<ReturnType<typeof useAuth5>['getToken']>().toExtend<GetToken>();
    expectTypeOf<ReturnType<typeof useAuth6>['getToken']>().toExtend<GetToken>();
    expectTypeOf(createAuthFetch).returns.toEqualTypeOf<typeof fetch>();
    expectTypeOf(createAuthFetch).parameter(0).toHaveProperty('getToken');
  });

  it.each<[Partial<AuthFetchOptions>, string]>([
    [{ getToken: undefined as never }, 'getToken is undefined, but it must be a function'],
    [{ origins: ['api.test'] }, 'origins is "api.test", but it must be an origin'],
    [{ origins: ['https://api.test/v1'] }, 'origins is "https://api.test/v1"'],
    [{ origins: ['*'] }, 'origins is "*"'],
    [{ baseUrl: '/api' }, 'baseUrl is "/api", but it must be an absolute URL'],
    [{ policy: { retries: -1 } }, 'policy.retries is -1'],
  ])('refuses %o when it is created', (options, message) => {
    const create = (): unknown => createAuthFetch({ getToken: async () => null, ...options });
    expect(create).toThrow(AuthResilienceError);
    expect(create).toThrow(message);
  });
});
