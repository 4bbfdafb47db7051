// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuthEventBody } from '../core/events.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { createTestConnectivity, type TestConnectivity } from '../core/testConnectivity.ts';
import { docsUrlOf, type ReportedFinding } from '../diagnosis/findings.ts';
import { findBlockedScript } from './findBlockedScript.ts';

const src = 'https://clerk.example.com/npm/@clerk/clerk-js@6/dist/clerk.browser.js';
let clock: TestClock;
let connectivity: TestConnectivity;
let page: Document;
let development: boolean | undefined;
let isMissing: boolean;
let events: AuthEventBody[];
let answer: () => Promise<Response>;
let provider: AbortController;

beforeEach(() => {
  clock = createTestClock();
  connectivity = createTestConnectivity();
  page = document.implementation.createHTMLDocument();
  connectivity.globals.set('document', page);
  development = undefined;
  isMissing = true;
  events = [];
  provider = new AbortController();
  answer = async () => new Response();
  vi.stubGlobal(
    'fetch',
    vi.fn(() => answer()),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const find = (): Promise<readonly ReportedFinding[]> =>
  findBlockedScript({
    src,
    connectivity,
    clock,
    report: (event) => events.push(event),
    logger: () => ({ info() {}, warn() {}, error() {} }),
    development: () => development,
    isStillMissing: () => isMissing,
    signal: provider.signal,
  });
/** The next try has come to its end. */
const tryAgain = (type = 'error', from = src): void => {
  const script = page.createElement('script');
  script.type = 'text/plain';
  script.src = from;
  page.body.append(script);
  script.dispatchEvent(new Event(type));
  script.remove();
};
const violate = (blockedURI: string, effectiveDirective = 'script-src-elem'): void => {
  page.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { blockedURI, effectiveDirective }));
};

it('says no host to anybody', async () => {
  development = false;
  const found = find();
  violate(src);
  const code = 'CLERK_JS_BLOCKED';
  expect(await found).toEqual([{ code, severity: 'error', docsUrl: docsUrlOf(code) }]);
});

it('says that the page’s own policy forbids it, as soon as the browser does', async () => {
  const found = find();
  violate(src);
  expect(await found).toMatchObject([{ code: 'CLERK_JS_BLOCKED', args: { host: 'clerk.example.com', reason: 'csp' } }]);
  expect(events).toEqual([{ type: 'misconfiguration_found', codes: ['CLERK_JS_BLOCKED'] }]);
  expect([vi.mocked(fetch).mock.calls.length, clock.pendingTimers]).toEqual([0, 0]);
});

it.each(['error', 'load'])('says that something blocks it where its server is there, at its next %s', async (type) => {
  const found = find();
  // The page forbids others, and requests of it.
  violate('https://elsewhere.example.com/x.js');
  violate(src, 'connect-src');
  tryAgain(type);
  await clock.advance(500);
  expect(await found).toMatchObject([{ args: { reason: 'network' } }]);
  expect(clock.pendingTimers).toBe(0);
});

it('waits for the next try, however long that is off, and for what the browser says of it', async () => {
  const found = find();
  let isDone = false;
  void found.then(() => (isDone = true));
  tryAgain('error', 'https://elsewhere.example.com/x.js');
  await clock.advance(600_000);
  expect([isDone, clock.pendingTimers]).toEqual([false, 0]);
  tryAgain();
  await clock.advance(499);
  expect(isDone).toBe(false);
  violate(src);
  expect(await found).toMatchObject([{ args: { reason: 'csp' } }]);
  expect(clock.pendingTimers).toBe(0);
});

it.each([
  ['its server is not there either', () => (answer = () => Promise.reject(new TypeError('Failed to fetch')))],
  ['the browser is offline', () => (connectivity.online = false)],
  ['it has come meanwhile', () => (isMissing = false)],
])('says nothing where %s', async (_what, arrange) => {
  arrange();
  const found = find();
  tryAgain();
  await clock.advance(500);
  expect(await found).toEqual([]);
  expect([events, clock.pendingTimers]).toEqual([[], 0]);
});

describe('ends with its provider', () => {
  const listeners = () => {
    const [added, removed] = [vi.spyOn(page, 'addEventListener'), vi.spyOn(page, 'removeEventListener')];
    return () => added.mock.calls.length - removed.mock.calls.length;
  };

  it('before it begins, and while it waits for the next try', async () => {
    const open = listeners();
    const found = find();
    expect(open()).toBe(3);
    provider.abort();
    expect(await found).toEqual([]);
    expect(await find()).toEqual([]);
    expect([open(), clock.pendingTimers, vi.mocked(fetch).mock.calls.length]).toEqual([0, 0, 0]);
  });

  it('while the server is asked', async () => {
    let asked: AbortSignal | undefined;
    vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
      asked = signal;
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(new Response())));
    });
    const found = find();
    tryAgain();
    await clock.advance(500);
    expect(asked?.aborted).toBe(false);
    provider.abort();
    expect(await found).toEqual([]);
    expect([events, clock.pendingTimers]).toEqual([[], 0]);
  });
});
