// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AuthEventBody } from '../core/events.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { createTestConnectivity, type TestConnectivity } from '../core/testConnectivity.ts';
import type { Finding } from '../diagnosis/findings.ts';
import { findBlockedScript } from './findBlockedScript.ts';

const src = 'https://clerk.example.com/npm/@clerk/clerk-js@6/dist/clerk.browser.js';
let clock: TestClock;
let connectivity: TestConnectivity;
let page: Document;
let isMissing: boolean;
let events: AuthEventBody[];
let answer: () => Promise<Response>;

beforeEach(() => {
  clock = createTestClock();
  connectivity = createTestConnectivity();
  page = document.implementation.createHTMLDocument();
  connectivity.globals.set('document', page);
  isMissing = true;
  events = [];
  answer = async () => new Response();
  vi.stubGlobal(
    'fetch',
    vi.fn(() => answer()),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const find = (): Promise<readonly Finding[]> =>
  findBlockedScript({
    src,
    connectivity,
    clock,
    report: (event) => events.push(event),
    logger: () => ({ info() {}, warn() {}, error() {} }),
    isStillMissing: () => isMissing,
  });
const violate = (blockedURI: string, effectiveDirective = 'script-src-elem'): void => {
  page.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { blockedURI, effectiveDirective }));
};

it('says that the page’s own policy forbids it, as soon as the browser does', async () => {
  const found = find();
  violate(src);
  expect(await found).toMatchObject([{ code: 'CLERK_JS_BLOCKED', args: { host: 'clerk.example.com', reason: 'csp' } }]);
  expect(events).toEqual([{ type: 'misconfiguration_found', codes: ['CLERK_JS_BLOCKED'] }]);
  expect([vi.mocked(fetch).mock.calls.length, clock.pendingTimers]).toEqual([0, 0]);
});

it('says that something blocks it where its server is there', async () => {
  const found = find();
  // The page forbids others, and requests of it.
  violate('https://elsewhere.example.com/x.js');
  violate(src, 'connect-src');
  await clock.advance(2_000);
  expect(await found).toMatchObject([{ args: { reason: 'network' } }]);
  expect(clock.pendingTimers).toBe(0);
});

it.each([
  ['its server is not there either', () => (answer = () => Promise.reject(new TypeError('Failed to fetch')))],
  ['the browser is offline', () => (connectivity.online = false)],
  ['it has come meanwhile', () => (isMissing = false)],
])('says nothing where %s', async (_what, arrange) => {
  arrange();
  const found = find();
  await clock.advance(2_000);
  expect(await found).toEqual([]);
  expect([events, clock.pendingTimers]).toEqual([[], 0]);
});
