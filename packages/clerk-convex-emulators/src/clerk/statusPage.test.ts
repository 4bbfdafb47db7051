import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClerkEmulator } from './createClerkEmulator.ts';
import type { ClerkEmulator } from './types.ts';

let clerk: ClerkEmulator;
beforeAll(async () => {
  clerk = await createClerkEmulator();
});
afterAll(() => clerk.close());

const summary = async () => (await fetch(`${clerk.url}/api/v2/summary.json`)).json();

it('says that all is well, and what is not', async () => {
  expect(await summary()).toMatchObject({ status: { indicator: 'none' }, incidents: [] });
  clerk.configure({ incidents: ['Sign-ins are failing'] });
  expect(await summary()).toMatchObject({
    status: { indicator: 'major' },
    incidents: [{ name: 'Sign-ins are failing', status: 'investigating', resolved_at: null }],
  });
  clerk.reset();
  expect(await summary()).toMatchObject({ incidents: [] });
});

it.each([['a title' as unknown], [[1]]])('refuses %j as incidents', (incidents) => {
  expect(() => clerk.configure({ incidents: incidents as string[] })).toThrow(
    /`incidents` is .*; use a list of titles/,
  );
});
