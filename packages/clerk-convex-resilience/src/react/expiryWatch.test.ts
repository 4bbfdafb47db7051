import { expect, it } from 'vitest';
import { createExpiryWatch } from './expiryWatch.ts';

interface Connection {
  isWebSocketConnected: boolean;
  connectionCount: number;
  connectionRetries: number;
}
const tokenOf = (claims: object): string => `x.${btoa(JSON.stringify(claims))}.x`;

it.each([
  ['a minute', 60, false, 0],
  ['shorter than clerk-js renews in the background', 17, true, 0],
  ['as long as Convex’s leeway', 10, true, 5_000],
  ['shorter', 8, true, 4_000],
])(
  'of a token that lives %s, tells whether that is too short, and how long to keep the next one back',
  (_, life, isTooShort, restMs) => {
    let now = 1_000_000;
    const watch = createExpiryWatch({ setAuth() {}, clearAuth() {} }, { now: () => now });
    expect([watch.isTooShort(), watch.restMs()]).toEqual([false, 0]);
    watch.gave(tokenOf({ iat: 1_000, exp: 1_000 + life }));
    expect([watch.isTooShort(), watch.restMs()]).toEqual([isTooShort, restMs]);
    now += restMs;
    expect(watch.restMs()).toBe(0);
  },
);

it.each([60_000, 3_600_000])('keeps none back for longer when the clock is %s ms behind', (behindMs) => {
  const watch = createExpiryWatch({ setAuth() {}, clearAuth() {} }, { now: () => 1_000_000 - behindMs });
  watch.gave(tokenOf({ iat: 1_000, exp: 1_008 }));
  expect(watch.restMs()).toBe(4_000);
});

it('knows nothing of a token that does not say', () => {
  const watch = createExpiryWatch({ setAuth() {}, clearAuth() {} }, { now: () => 0 });
  for (const claims of [{}, { exp: 5 }]) {
    watch.gave(tokenOf(claims));
    expect([watch.isTooShort(), watch.restMs()]).toEqual([false, 0]);
  }
});

it.each<[string, Connection, boolean]>([
  ['before the socket is another', { isWebSocketConnected: true, connectionCount: 1, connectionRetries: 0 }, false],
  ['while it is closed', { isWebSocketConnected: false, connectionCount: 1, connectionRetries: 1 }, false],
  [
    'while the next one has not answered',
    { isWebSocketConnected: true, connectionCount: 2, connectionRetries: 1 },
    true,
  ],
  // It had not expired yet when it was sent.
  ['once the next one has taken it', { isWebSocketConnected: true, connectionCount: 2, connectionRetries: 0 }, false],
])('knows whether an expired token is about to be refused, %s', (_, later, isAhead) => {
  let connection: Connection = { isWebSocketConnected: true, connectionCount: 1, connectionRetries: 0 };
  let now = 1_000_000;
  const client = { setAuth() {}, clearAuth() {}, connectionState: () => connection };
  const watch = createExpiryWatch(client, { now: () => now });
  watch.gave(tokenOf({ iat: 1_000, exp: 1_030 }));
  connection = later;
  expect(watch.isRefusalAhead()).toBe(false);
  now += 30_000;
  expect(watch.isRefusalAhead()).toBe(isAhead);
});
