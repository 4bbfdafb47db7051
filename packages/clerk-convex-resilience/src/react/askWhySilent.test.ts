import { beforeEach, expect, it } from 'vitest';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { askWhySilent } from './askWhySilent.ts';

let clock: TestClock;
/** Who was asked about, and whether nobody wants to know any more. */
let asked: { readonly token: string | undefined; readonly body: unknown; readonly signal: AbortSignal }[];
let answers: { ofNobody: () => Promise<Response>; ofUser: () => Promise<Response> };

beforeEach(() => {
  clock = createTestClock();
  asked = [];
  answers = { ofNobody: async () => new Response('{}', { status: 400 }), ofUser: never };
});

const never = (): Promise<Response> => new Promise(() => {});
const after = async (ms: number, response: Response): Promise<Response> => clock.sleep(ms).then(() => response);
const refusal = (): Response =>
  new Response(JSON.stringify({ message: 'Auth provider discovery of https://x failed' }), { status: 401 });
const ask = (signal = new AbortController().signal) => {
  const fetchAnswer: typeof fetch = (_url, init) => {
    const token = new Headers(init?.headers).get('authorization') ?? undefined;
    asked.push({ token, body: init?.body, signal: init?.signal as AbortSignal });
    const answer = token ? answers.ofUser() : answers.ofNobody();
    const ended = new Promise<never>((_, reject) =>
      init?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
    );
    return Promise.race([answer, ended]);
  };
  return askWhySilent({ url: 'https://x.convex.cloud/', fetch: fetchAnswer, clock }, 'a.b.c', signal);
};

it('says that nothing is said of a token, where nobody is answered and the user is not', async () => {
  const why = ask();
  await clock.advance(2_000);
  expect(await why).toMatchObject({ kind: 'server', source: 'convex', code: 'unanswered', retryable: true });
  // Of nobody no function is called, not even one that does not exist.
  expect(asked).toMatchObject([
    { token: 'Bearer a.b.c', body: expect.stringContaining('whoami'), signal: { aborted: true } },
    { token: undefined, body: '{}', signal: { aborted: true } },
  ]);
  expect(clock.pendingTimers).toBe(0);
});

it.each([
  ['the user is answered, however late', 1_900, null],
  ['the user is refused', 1_900, { source: 'convex', kind: 'server' }],
])('says what it is told where %s', async (_, ms, expected) => {
  answers.ofUser = () => after(ms, expected ? refusal() : new Response('{}', { status: 200 }));
  const why = ask();
  await clock.advance(ms);
  if (expected) expect(await why).toMatchObject(expected);
  else expect(await why).toBeNull();
  expect(clock.pendingTimers).toBe(0);
});

it.each([
  ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['answers nobody either', never],
])('says nothing of a deployment that %s', async (_, ofNobody) => {
  answers.ofNobody = ofNobody;
  const why = ask();
  await clock.advance(8_000);
  expect(await why).toBeNull();
  expect(clock.pendingTimers).toBe(0);
});

it('ends its questions when nobody wants to know any more', async () => {
  const wish = new AbortController();
  const why = ask(wish.signal);
  await clock.advance(1_000);
  wish.abort();
  expect(await why).toBeNull();
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  expect(clock.pendingTimers).toBe(0);
});
