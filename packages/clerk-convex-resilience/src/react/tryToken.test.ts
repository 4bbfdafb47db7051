import { beforeEach, describe, expect, it, vi } from 'vitest';
import { retryPolicies } from '../core/policy.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { createTestConnectivity } from '../core/testConnectivity.ts';
import { createTokenSource } from '../core/tokenSource.ts';
import { tryToken } from './tryToken.ts';

const url = 'https://happy-otter-123.convex.cloud';

let clock: TestClock;
let asked: Array<{ url: string; init: RequestInit | undefined }>;
let answer: () => Response | Promise<Response>;

beforeEach(() => {
  clock = createTestClock();
  asked = [];
  answer = () => json(200, { status: 'success' });
});

const json = (status: number, body: unknown): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
const fetchAnswer: typeof fetch = async (input, init) => {
  asked.push({ url: String(input), init });
  return answer();
};
const attempt = (at: string | undefined = url, signal = new AbortController().signal) =>
  tryToken({ url: at, fetch: fetchAnswer, clock }, 'a.b.c', signal);

it('asks the deployment for a function that does not exist, as the user, so that nothing runs', async () => {
  await attempt(`${url}/`);
  expect(asked[0]?.url).toBe(`${url}/api/query`);
  expect(asked[0]?.init).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer a.b.c' } });
});

describe.each([
  [200, 'a function of that name'],
  [560, 'an error of a function'],
  [400, 'no such function'],
  [404, 'no such API'],
  [429, 'too much to do'],
  [503, 'being down'],
])('a deployment that answers %i, %s', (status) => {
  it('says nothing against the token', async () => {
    answer = () => json(status, '{}');
    expect(await attempt()).toBeNull();
  });
});

describe.each([
  ['No auth provider found matching the given token (no providers configured).', 'misconfigured', false],
  ['Auth provider discovery of https://x.clerk.accounts.dev failed', 'server', true],
])('a deployment that answers 401: %s', (message, kind, retryable) => {
  it.each([
    ['as JSON', { code: 'Unauthorized', message }],
    ['as text', message],
  ])(`is ${kind}, %s`, async (_how, body) => {
    answer = () => json(401, body);
    expect(await attempt()).toMatchObject({ kind, retryable, source: 'convex' });
  });
});

it.each([400, 404, 429, 503])(
  'knows an identity provider that Convex cannot ask by its code, under %i too',
  async (status) => {
    const message = 'Auth provider discovery of https://x.clerk.accounts.dev failed: 503 busy';
    answer = () => json(status, { code: 'AuthProviderDiscoveryFailed', message });
    expect(await attempt()).toMatchObject({ kind: 'server', retryable: true, source: 'convex' });
  },
);

it('says nothing against the token when the deployment cannot be asked', async () => {
  answer = () => Promise.reject(new TypeError('Failed to fetch'));
  expect(await attempt()).toBeNull();
  expect(await attempt(undefined)).toBeNull();
  expect(clock.pendingTimers).toBe(0);
});

it('waits eight seconds for an answer, and leaves no timer or listener', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  answer = () =>
    new Promise((_, reject) =>
      asked[0]?.init?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
    );
  let result: unknown = 'none';
  void attempt(url, signal).then((value) => (result = value));
  await clock.advance(7_999);
  expect(result).toBe('none');
  await clock.advance(1);
  expect(result).toBeNull();
  expect(removed.mock.calls).toEqual(added.mock.calls);
  expect(clock.pendingTimers).toBe(0);
});

it('ends with its caller', async () => {
  const controller = new AbortController();
  answer = () =>
    new Promise((_, reject) =>
      asked[0]?.init?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
    );
  const result = attempt(url, controller.signal);
  controller.abort();
  expect(await result).toBeNull();
});

describe.each([
  ['is mended by waiting', 'Auth provider discovery of https://x.clerk.accounts.dev failed', 100],
  ['is a misconfiguration', 'No auth provider found matching the given token', 21],
])('a refusal that lasts ten minutes and %s', (_what, message, most) => {
  it(`is tried at most ${most} times`, async () => {
    answer = () => json(401, { message });
    let count = 0;
    const source = createTokenSource({
      clock,
      connectivity: createTestConnectivity(),
      policy: retryPolicies.session,
      report: () => {},
      getToken: async () => `token ${count++}`,
      tryToken: (token, signal) => tryToken({ url, fetch: fetchAnswer, clock }, token, signal),
    });
    source.startSession();
    source.refused();
    let given: string | null | undefined;
    void source.request({ fresh: true }).then((token) => (given = token));
    await clock.advance(600_000);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThanOrEqual(most);
    expect(given).toBeUndefined();

    answer = () => json(200, {});
    await clock.advance(120_000);
    expect(given).toMatch(/^token/);
    expect(clock.pendingTimers).toBe(0);
  });
});
