import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../../test/support/eventually.ts';
import {
  frontendApi,
  jwksOf,
  loadLiveClerk,
  navigation,
  outcomeOf,
  type RealClerk,
  sessionToken,
} from './testClerk.ts';
import { cookie, middlewareOf, type Rig, rigOf } from './testGuard.ts';

// Two live instances, or two of development: their keys look alike, and only the tokens tell them apart.

let clerk: RealClerk;
beforeAll(() => {
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  // What the secret key is good for: the keys of another instance.
  vi.stubGlobal('fetch', async () => Response.json(jwksOf('another')));
  clerk = loadLiveClerk();
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});

afterEach(() => vi.unstubAllEnvs());

/** With a Frontend API that publishes its keys. */
function setUp(options: Parameters<typeof rigOf>[1] = {}): Rig & { readonly asked: readonly unknown[] } {
  const asked: unknown[] = [];
  const rig = rigOf(middlewareOf(clerk, undefined, {}), {
    fetch: async (address) => {
      asked.push(address);
      return Response.json(jwksOf('clerk'));
    },
    ...options,
  });
  return { ...rig, asked };
}
const ours = () => cookie(sessionToken(Date.now()));
const forged = () => cookie(sessionToken(Date.now(), {}, 'nobody'));

describe('a session that the Frontend API has signed, and the secret key does not know', () => {
  it('is not asked to sign in: the page says whose key it is', async () => {
    vi.stubEnv('NODE_ENV', 'development');
    const rig = setUp();
    expect(
      outcomeOf((await middlewareOf(clerk, undefined, {})(navigation('/admin', ours()), {} as never)) ?? undefined),
    ).toBe('sign-in');
    const answer = await rig.see(navigation('/admin', ours()));
    expect(outcomeOf(answer)).toBe('503');
    expect(await answer.text()).toContain('SECRET_KEY_OF_ANOTHER_INSTANCE');
    expect(rig.lines[0]).toMatch(/guard SECRET_KEY_OF_ANOTHER_INSTANCE refused/);
    expect(rig.asked).toEqual([`https://${frontendApi}/.well-known/jwks.json`]);
  });

  it.each([
    ['a program', { headers: { ...ours().headers, accept: 'application/json', 'sec-fetch-dest': 'empty' } }],
    ['one with a cookie of the app beside it', cookie(sessionToken(Date.now()), '; __sessionless=1')],
    ['a token in the header', { headers: { authorization: `Bearer ${sessionToken(Date.now())}` } }],
  ])('%s gets the same', async (_name, init) => {
    expect(outcomeOf(await setUp().see(navigation('/admin', init)))).toBe('503');
  });

  it('is served what is public, without a question', async () => {
    const rig = setUp();
    expect(outcomeOf(await rig.see(navigation('/about', ours())))).toBe('page');
    expect(rig.asked).toEqual([]);
  });

  it('reads nothing of why in production', async () => {
    const text = await (await setUp().see(navigation('/admin', ours()))).text();
    expect(text).not.toMatch(/SECRET|instance|clerk\.example/);
  });
});

describe('is no fault of the key, and Clerk’s answer stands', () => {
  it.each([
    ['a token that somebody else has signed', forged, {}],
    [
      'another app’s cookie beside',
      () => cookie(sessionToken(Date.now()), `; __session_x=${sessionToken(Date.now(), {}, 'nobody')}`),
      {},
    ],
    ['a Frontend API that does not answer', ours, { fetch: async () => Promise.reject(new TypeError('fetch failed')) }],
    ['one that answers with something else', ours, { fetch: async () => new Response('<!doctype html>') }],
    ['keys that are none', ours, { fetch: async () => Response.json({ keys: [null, 'x', {}] }) }],
    ['nobody may be asked', ours, { checkFrontendApi: false }],
  ])('%s', async (_name, headers, options) => {
    expect(outcomeOf(await setUp(options).see(navigation('/admin', headers())))).toBe('sign-in');
  });

  it('has the keys fetched once, however many forged tokens come', async () => {
    const rig = setUp();
    for (let times = 0; times < 3; times++) await rig.see(navigation('/admin', forged()));
    expect(rig.asked).toHaveLength(1);
    await rig.clock.advance(30_000);
    await rig.see(navigation('/admin', forged()));
    expect(rig.asked).toHaveLength(2);
  });

  it('asks again soon where there was no answer', async () => {
    const fetch = vi.fn(async () => Response.json(jwksOf('clerk')));
    fetch.mockRejectedValueOnce(new TypeError('fetch failed'));
    const { see, clock } = setUp({ fetch });
    expect(outcomeOf(await see(navigation('/admin', ours())))).toBe('sign-in');
    await clock.advance(2_000);
    expect(outcomeOf(await see(navigation('/admin', ours())))).toBe('503');
  });

  it('waits no longer for them than it is told', async () => {
    const rig = setUp({ fetch: () => new Promise(() => {}), handshakeTimeoutMs: 3_000 });
    const seen = rig.see(navigation('/admin', ours()));
    await eventually(async () => {
      await rig.clock.advance(500);
      expect(rig.clock.pendingTimers).toBe(0);
    });
    expect(outcomeOf(await seen)).toBe('sign-in');
  });
});
