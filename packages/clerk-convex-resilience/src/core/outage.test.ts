import { expect, it } from 'vitest';
import { startOutage } from './outage.ts';

it('lasts from when it began, and begins anew where the clock was set back before that', () => {
  let now = 10_000;
  const outage = startOutage({ now: () => now });
  expect(outage()).toBe(0);
  now += 60_000;
  expect(outage()).toBe(60_000);
  now = 2_000;
  expect(outage()).toBe(0);
  now += 500;
  expect(outage()).toBe(500);
});
