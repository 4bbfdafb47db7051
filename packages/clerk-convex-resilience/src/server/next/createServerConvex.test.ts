import { makeFunctionReference } from 'convex/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestClock, type TestClock } from '../../core/testClock.ts';
import { createScriptedFetch, type ScriptedAnswer, type ScriptedFetch } from '../../core/testFetch.ts';
import { createServerConvex, type ServerConvexOptions } from './createServerConvex.ts';
import { getServerToken } from './getServerToken.ts';
import { startRequestBudget } from './requestBudget.ts';

const list = makeFunctionReference<'query', { readonly of: string }, string[]>('messages:list');
const send = makeFunctionReference<'mutation', Record<string, never>, string>('messages:send');
const mail = makeFunctionReference<'action', Record<string, never>, string>('messages:mail');

const success = (value: unknown): Response => Response.json({ status: 'success', value, logLines: [] });
const failure = (errorMessage: string): Response =>
  Response.json({ status: 'error', errorMessage, logLines: [] }, { status: 560 });
const refused = (errorData: object): Response =>
  Response.json(
    { status: 'error', errorMessage: `${quoted}Uncaught ConvexError: x`, errorData, logLines: [] },
    { status: 560 },
  );
const quoted = '[Request ID: 1a2b] Server Error\n';
const code = (name: string, status = 503, message = '…'): Response =>
  Response.json({ code: name, message }, { status });
const network = (name: string, more: object = {}): Error =>
  Object.assign(new TypeError('fetch failed'), { cause: { code: name, ...more } });
/** A host with several addresses: what Node says of each. */
const addresses = (...codes: string[]): Error =>
  Object.assign(new TypeError('fetch failed'), {
    cause: new AggregateError(codes.map((each) => Object.assign(new Error('x'), { code: each, syscall: 'connect' }))),
  });

afterEach(() => vi.unstubAllGlobals());

/** An answer that takes its time. */
const after = async (clock: TestClock, ms: number, answer: Response): Promise<Response> => {
  await clock.sleep(ms);
  return answer;
};

type Script = readonly (() => ScriptedAnswer | Promise<ScriptedAnswer>)[];

interface Rig {
  readonly clock: TestClock;
  readonly sent: ScriptedFetch;
  readonly convex: ReturnType<typeof createServerConvex>;
  readonly tokens: string[];
}

/** What Convex answers, call by call; the last answer stays. Its client is the real one. */
function setUp(script: Script, options: ServerConvexOptions = {}): Rig {
  const clock = createTestClock();
  const sent = createScriptedFetch(clock.now, (_, at) => (script[Math.min(at, script.length - 1)] as Script[number])());
  const tokens: string[] = [];
  vi.stubGlobal('fetch', (input: string, init: RequestInit) => {
    tokens.push(new Headers(init.headers).get('authorization') ?? 'nobody');
    return sent.fetch(input, init);
  });
  const convex = createServerConvex({ url: 'https://happy-animal-123.convex.cloud', clock, ...options });
  return { clock, sent, tokens, convex };
}

/** Lets time pass until the call is done. */
async function finish<T>(clock: TestClock, call: Promise<T>): Promise<{ value?: T; error?: unknown; ms: number }> {
  const began = clock.now();
  let done: { value?: T; error?: unknown } | undefined;
  call.then(
    (value) => {
      done = { value };
    },
    (error: unknown) => {
      done = { error };
    },
  );
  // The client is loaded at the first call, which takes real time.
  await import('convex/nextjs');
  for (let turns = 0; turns < 40 && !done; turns++) await clock.advance(0);
  while (!done) await clock.advance(50);
  return { ...done, ms: clock.now() - began };
}

describe('a query', () => {
  it.each<[string, () => ScriptedAnswer]>([
    ['the connection is reset', () => network('ECONNRESET')],
    ['nobody is there', () => network('ECONNREFUSED')],
    ['the server fails', () => code('InternalServerError', 500)],
    ['the server has too much to do', () => code('ExpiredInQueue')],
    ['an edge answers with a page', () => new Response('<!doctype html>', { status: 502 })],
    [
      'the identity provider cannot be reached',
      () => code('Auth provider discovery of https://clerk.example.com failed', 401),
    ],
  ])('is repeated: %s', async (_name, fault) => {
    const { clock, convex, sent } = setUp([fault, fault, () => success(['a'])]);
    const { value, ms } = await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    expect(value).toEqual(['a']);
    expect(sent.calls).toHaveLength(3);
    expect(ms).toBeLessThan(2_500);
  });

  it('is asked again while the first does not answer', async () => {
    const { clock, convex, sent } = setUp([() => 'hang', () => success(['a'])]);
    const { value, ms } = await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    expect([value, sent.calls.length]).toEqual([['a'], 2]);
    expect(ms).toBeGreaterThanOrEqual(3_000);
    expect(ms).toBeLessThan(4_500);
  });

  it.each([3_500, 7_500])('is answered by a Convex that takes %s ms, as by convex/nextjs', async (takesMs) => {
    const { clock, convex, sent } = setUp([() => after(clock, takesMs, success(['a']))]);
    const { value, ms } = await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    expect(value).toEqual(['a']);
    expect([ms, sent.calls.length]).toEqual([takesMs, takesMs < 4_000 ? 1 : 2]);
    // No more than what the second call, which is left behind, takes.
    expect(clock.pendingTimers).toBe(sent.open.length);
  });

  it('ends with a function’s own error, however long the function took', async () => {
    const { clock, convex } = setUp([() => after(clock, 3_500, failure('Uncaught Error: no such room'))]);
    const { error, ms } = await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    expect([(error as Error).message, ms]).toEqual(['Uncaught Error: no such room', 3_500]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is waited for to the end of its time, where there is none left for another', async () => {
    const { clock, convex } = setUp([() => after(clock, 3_500, success(['a']))], { budgetMs: 3_600 });
    const { value, ms } = await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    expect([value, ms]).toEqual([['a'], 3_500]);
  });

  it.each<[string, () => ScriptedAnswer, RegExp]>([
    ['a function’s own error', () => failure('Uncaught Error: no such room'), /no such room/],
    ['one in production, which says nothing', () => failure('[Request ID: 1a2b] Server Error'), /Server Error/],
    ['one that quotes a server', () => failure(`${quoted}Uncaught Error: the log has ExpiredInQueue`), /log has/],
    ['one that quotes the network', () => failure(`${quoted}Uncaught Error: read ECONNRESET`), /ECONNRESET/],
    ['a ConvexError', () => refused({ code: 'ECONNREFUSED' }), /ConvexError/],
    [
      'a provider that is not configured',
      () => code('No auth provider found matching the given token', 401),
      /No auth provider/,
    ],
  ])('is not repeated: %s', async (_name, answer, message) => {
    const { clock, convex, sent } = setUp([answer]);
    const { error, ms } = await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    expect((error as Error).message).toMatch(message);
    expect([sent.calls.length, ms]).toEqual([1, 0]);
  });

  it('ends with its time, with the error as it came', async () => {
    const last = network('ECONNRESET');
    const { clock, convex } = setUp([() => last], { budgetMs: 2_000 });
    const { error, ms } = await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    // Convex's client says it in its own words around the error of the network.
    expect(error === last || (error as Error).cause === last).toBe(true);
    // Nobody waits for an attempt that would come too late.
    expect(ms).toBeLessThan(2_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends with its time where nothing is answered', async () => {
    const { clock, convex } = setUp([() => 'hang'], { budgetMs: 2_000 });
    const { error, ms } = await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    expect([(error as Error).name, ms]).toEqual(['TimeoutError', 2_000]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is preloaded the same way', async () => {
    const { clock, convex } = setUp([() => network('ECONNRESET'), () => success(['a'])]);
    const { value } = await finish(clock, convex.preloadQuery(list, { of: 'me' }));
    expect(value).toMatchObject({ _name: 'messages:list', _argsJSON: { of: 'me' }, _valueJSON: ['a'] });
  });
});

describe('a mutation or an action', () => {
  it.each<[string, () => ScriptedAnswer, boolean, boolean]>([
    ['nobody is there', () => network('ECONNREFUSED'), true, true],
    ['the name is not known', () => network('ENOTFOUND'), true, true],
    ['no connection in time', () => network('UND_ERR_CONNECT_TIMEOUT'), true, true],
    ['nobody is there, by any of its addresses', () => addresses('ECONNREFUSED', 'ENETUNREACH'), true, true],
    ['it waited too long in a queue', () => code('ExpiredInQueue'), true, true],
    ['there was no worker', () => code('WorkerOverloaded'), true, true],
    ['the identity provider cannot be reached', () => code('Could not fetch JWKS', 401), true, true],
    ['it lost against another', () => code('OptimisticConcurrencyControlFailure'), true, false],
    ['there was no room to commit', () => code('CommitterFullError'), true, false],
    ['the connection is reset', () => network('ECONNRESET'), false, false],
    ['the connection is closed', () => network('UND_ERR_SOCKET'), false, false],
    ['no answer in time', () => network('UND_ERR_HEADERS_TIMEOUT'), false, false],
    ['the way is lost after it was sent', () => network('EHOSTUNREACH', { syscall: 'read' }), false, false],
    ['one of its addresses may have been reached', () => addresses('ECONNREFUSED', 'ECONNRESET'), false, false],
    ['the server fails', () => code('InternalServerError', 500), false, false],
    ['an edge answers with a page', () => new Response('<!doctype html>', { status: 502 }), false, false],
    ['a function’s own error', () => failure('Uncaught Error: ExpiredInQueue'), false, false],
    ...[
      '[Request ID: 1a2b] Server Error\nUncaught ConvexError: {"code":"TooManyConcurrentRequests"}',
      '[Request ID: 1a2b] Server Error\nUncaught Error: Could not fetch JWKS',
      '[Request ID: 1a2b] Server Error\nUncaught Error: no such room: {"code":"ExpiredInQueue"}',
      '[Request ID: 1a2b] Server Error\nUncaught Error: connect ECONNREFUSED 10.0.0.7:587\n    at charge (../convex/pay.ts:9:3)',
      '[Request ID: 1a2b] Server Error\nUncaught Error: getaddrinfo ENOTFOUND smtp.example.com',
      'ENOTFOUND',
    ].map((text): [string, () => ScriptedAnswer, boolean, boolean] => [
      `a function’s own error: ${text}`,
      () => failure(text),
      false,
      false,
    ]),
    [
      'an answer that quotes such a text',
      () => code('InternalServerError', 500, 'The body was {"code":"ExpiredInQueue"}: Could not fetch JWKS'),
      false,
      false,
    ],
  ])('%s: a mutation is sent again: %s, an action: %s', async (_name, fault, mutates, acts) => {
    const first = setUp([fault, () => success('done')]);
    const mutation = await finish(first.clock, first.convex.fetchMutation(send, {}));
    expect([mutation.value, first.sent.calls.length]).toEqual(mutates ? ['done', 2] : [undefined, 1]);
    const second = setUp([fault, () => success('done')]);
    const action = await finish(second.clock, second.convex.fetchAction(mail, {}));
    expect([action.value, second.sent.calls.length]).toEqual(acts ? ['done', 2] : [undefined, 1]);
  });

  it('is never sent beside one that has not been answered', async () => {
    const { clock, convex, sent } = setUp([() => 'hang'], { budgetMs: 20_000 });
    const { error, ms } = await finish(clock, convex.fetchMutation(send, {}));
    expect([sent.calls.length, (error as Error).name, ms]).toEqual([1, 'TimeoutError', 20_000]);
  });
});

describe('the token', () => {
  it('is Clerk’s, of the template, and is asked for again', async () => {
    const getToken = vi
      .fn(async (_?: { readonly template?: string }) => 'a.b.c' as string | null)
      .mockRejectedValueOnce(network('ECONNRESET'));
    const { clock, convex, tokens } = setUp([() => success([])], { auth: async () => ({ getToken }) });
    await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    expect(tokens).toEqual(['Bearer a.b.c']);
    expect(getToken.mock.calls).toEqual([[{ template: 'convex' }], [{ template: 'convex' }]]);
  });

  it.each<[string, unknown, string | null | undefined, unknown[]]>([
    ['Clerk’s Convex integration is on', 'convex', undefined, []],
    ['it is meant for Convex among others', ['api', 'convex'], undefined, []],
    ['it is meant for somebody else', 'api', undefined, [{ template: 'convex' }]],
    ['a template is named', 'convex', 'mine', [{ template: 'mine' }]],
    ['the session token is asked for', undefined, null, []],
  ])('is the session’s own where that is for Convex, as in the browser: %s', async (_name, aud, template, asked) => {
    const getToken = vi.fn(async (..._: readonly unknown[]): Promise<string | null> => 'a.b.c');
    const session = { getToken, sessionClaims: { sub: 'user_ada', aud } };
    const { clock, convex, tokens } = setUp([() => success([])], { auth: async () => session, template });
    await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    await getServerToken({ ...session, template });
    expect([tokens, getToken.mock.calls]).toEqual([['Bearer a.b.c'], [asked, asked]]);
  });

  it('is waited for beside the next attempt: a Clerk that takes 2.5 s is heard', async () => {
    const clock = createTestClock();
    const getToken = vi.fn(async () => {
      await clock.sleep(2_500);
      return 'a.b.c';
    });
    const { value, ms } = await finish(clock, getServerToken({ getToken, clock }));
    expect([value, ms]).toEqual(['a.b.c', 2_500]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is left out where nobody is signed in, and where one is given it is that one', async () => {
    const { clock, convex, tokens } = setUp([() => success([])], {
      auth: async () => ({ getToken: async () => null }),
    });
    await finish(clock, convex.fetchQuery(list, { of: 'me' }));
    await finish(clock, convex.fetchQuery(list, { of: 'me' }, { token: 'd.e.f' }));
    await finish(clock, convex.fetchQuery(list, { of: 'me' }, { token: null }));
    expect(tokens).toEqual(['nobody', 'Bearer d.e.f', 'nobody']);
  });

  it('takes from the same time, and nothing is sent as nobody when it cannot be had', async () => {
    const getToken = () => Promise.reject(network('ECONNRESET'));
    const { clock, convex, sent } = setUp([() => success([])], { auth: async () => ({ getToken }), budgetMs: 3_000 });
    const { error, ms } = await finish(clock, convex.fetchMutation(send, {}));
    expect((error as Error).message).toBe('fetch failed');
    expect(ms).toBeLessThanOrEqual(3_000);
    expect(sent.calls).toEqual([]);
  });

  it.each<[string, unknown, number]>([
    ['no such template', { status: 404, clerkError: true, errors: [{ code: 'resource_not_found' }] }, 1],
    [
      'what Next.js throws while it renders in advance',
      Object.assign(network('ECONNRESET'), { digest: 'DYNAMIC_SERVER_USAGE' }),
      1,
    ],
    ['an error of the app', new Error('x'), 1],
    ['Clerk has too much to do', { status: 429, clerkError: true, errors: [{ code: 'too_many_requests' }] }, 4],
  ])('is asked for as often as it is of use: %s', async (_name, error, least) => {
    const clock = createTestClock();
    const getToken = vi.fn(async (): Promise<string | null> => Promise.reject(error));
    const { error: thrown } = await finish(clock, getServerToken({ getToken, budgetMs: 5_000, clock }));
    expect(thrown).toBe(error);
    expect(least === 1 ? getToken.mock.calls.length : Math.min(getToken.mock.calls.length, least)).toBe(least);
  });

  it('is the session’s own without a template', async () => {
    const getToken = vi.fn(async (_?: object) => 'a.b.c');
    expect(await getServerToken({ getToken, template: null })).toBe('a.b.c');
    expect(getToken.mock.calls).toEqual([[]]);
  });
});

it('shares a budget among the calls of a request', async () => {
  const { clock, convex } = setUp([() => 'hang']);
  const budget = startRequestBudget(4_000, clock);
  const first = await finish(clock, convex.fetchQuery(list, { of: 'me' }, { budget }));
  const second = await finish(clock, convex.fetchQuery(list, { of: 'me' }, { budget }));
  expect([first.ms, second.ms]).toEqual([4_000, 0]);
  expect((second.error as Error).name).toBe('TimeoutError');
});

it.each<[string, () => unknown]>([
  ['no time', () => startRequestBudget(0)],
  ['no number', () => createServerConvex({ budgetMs: '5' as never })],
  ['no auth', () => createServerConvex({ auth: {} as never })],
])('refuses what cannot be used when it is given: %s', (_name, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_option' }));
});

it('refuses a getToken that is none', async () => {
  await expect(getServerToken({ getToken: 'x' as never })).rejects.toMatchObject({ code: 'invalid_option' });
});
