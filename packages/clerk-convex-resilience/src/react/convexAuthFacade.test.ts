import { beforeEach, describe, expect, it } from 'vitest';
import type { AuthEventBody } from '../core/events.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import type { TokenSource } from '../core/tokenSource.ts';
import { type ConvexAuthFacade, createConvexAuthFacade } from './convexAuthFacade.ts';
import type { ConvexClientLike } from './convexTypes.ts';

type Arm = Parameters<ConvexClientLike['setAuth']>;

let clock: TestClock;
let events: AuthEventBody[];
/** Every `setAuth` of the real client. */
let arms: Arm[];
/** Tokens that were fetched, and whether by force. */
let fetched: boolean[];
let tokens: () => Promise<string | null>;
let client: ConvexClientLike;
let facade: ConvexAuthFacade;
let shortLives: number;

beforeEach(() => {
  clock = createTestClock();
  events = [];
  arms = [];
  fetched = [];
  shortLives = 0;
  tokens = () => Promise.resolve(`token ${fetched.length}`);
  client = { setAuth: (...arm) => void arms.push(arm), clearAuth: () => {} };
  facade = createFacade();
});

function createFacade(): ConvexAuthFacade {
  const now = () => clock.now();
  const source = { confirmed() {}, refused() {}, lastToken: () => null, now } as Partial<TokenSource> as TokenSource;
  return createConvexAuthFacade({
    client,
    source,
    clock,
    isSignedIn: () => true,
    onIdentity: () => {},
    onShortLife: () => void shortLives++,
    report: (event) => events.push(event),
  });
}
const signIn = (): void =>
  facade.setAuth(
    ({ forceRefreshToken }) => {
      fetched.push(forceRefreshToken);
      return tokens();
    },
    () => {},
  );
const newest = (): Arm => arms.at(-1) as Arm;
/** As Convex asks. */
const ask = (forceRefreshToken: boolean): Promise<string | null | undefined> => newest()[0]({ forceRefreshToken });
const confirm = (): void => newest()[1]?.(true);
const settle = (): Promise<void> => clock.advance(0);

describe('a client that was given a token and says nothing', () => {
  beforeEach(async () => {
    signIn();
    void ask(false);
    await settle();
  });

  it('is armed anew after ten seconds, and its first answer is the null that restarts a stopped socket', async () => {
    await clock.advance(9_999);
    expect(arms).toHaveLength(1);
    await clock.advance(1);
    expect(arms).toHaveLength(2);
    expect(events).toContainEqual({ type: 'convex_rearmed' });
    expect(await ask(false)).toBeNull();
    expect(await ask(true)).toBe('token 2');
    confirm();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is armed more and more seldom', async () => {
    const at: number[] = [];
    const start = clock.now();
    for (let seconds = 0; seconds < 600; seconds += 5) {
      const before = arms.length;
      await clock.advance(5000);
      if (arms.length === before) continue;
      at.push((clock.now() - start) / 1000);
      await ask(false);
      void ask(true);
    }
    expect(at).toEqual([10, 30, 70, 150, 310, 470]);
  });

  it('is left alone once it has confirmed', async () => {
    confirm();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(60_000);
    expect(arms).toHaveLength(1);
  });

  it('is left alone once the user is somebody else, or nobody', async () => {
    facade.clearAuth();
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is left alone while it waits for a token', async () => {
    tokens = () => new Promise(() => {});
    void ask(true);
    await clock.advance(600_000);
    expect(arms).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});

it('arms a client anew that re-authenticates and never asks', async () => {
  signIn();
  await ask(false);
  confirm();
  newest()[2]?.(true);
  await clock.advance(10_000);
  expect(arms).toHaveLength(2);
  expect(await ask(false)).toBeNull();
});

it('restarts a socket that was stopped when the organisation changes before Convex asks', async () => {
  signIn();
  await ask(false);
  confirm();
  newest()[2]?.(true);
  facade.rearm();
  expect(await ask(false)).toBeNull();
});

it('restarts a socket that was stopped when the provider is mounted anew before Convex asks', async () => {
  signIn();
  await ask(false);
  confirm();
  newest()[2]?.(true);
  facade = createFacade();
  signIn();
  expect(await ask(false)).toBeNull();
});

it('asks Clerk for a fresh token eight times at once and then ever more seldom, however often Convex asks', async () => {
  signIn();
  await ask(false);
  const within = async (ms: number): Promise<number> => {
    const before = fetched.length;
    const end = clock.now() + ms;
    let over = false;
    const insist = async (): Promise<void> => {
      while (!over && clock.now() < end) {
        await ask(true);
        confirm();
      }
    };
    void insist();
    // A turn for each answer: the loop above would not let the clock move.
    while (clock.now() < end) await clock.advance(500);
    over = true;
    return fetched.length - before;
  };
  expect(await within(1_000)).toBeLessThanOrEqual(10);
  expect(await within(60_000)).toBeLessThanOrEqual(12);
  expect(await within(300_000)).toBeLessThanOrEqual(33);
});

it('lets a client that expects a token wait for one when it turns out that nobody is signed in', async () => {
  Reflect.set(client, 'options', { expectAuth: true });
  facade.park();
  let answer: unknown = 'none yet';
  void ask(false).then((token) => {
    answer = token;
  });
  facade.unpark();
  await settle();
  expect(answer).toBe('none yet');
  expect(facade.isHeld()).toBe(true);
  signIn();
  await settle();
  expect(answer).toBe('token 1');
});

describe('a token that lives shorter than Convex’s leeway', () => {
  beforeEach(() => {
    const life = () => ({ iat: clock.now() / 1000, exp: clock.now() / 1000 + 8, jti: fetched.length });
    tokens = () => Promise.resolve(`x.${btoa(JSON.stringify(life()))}.x`);
    signIn();
  });

  it('is told of, and is followed by the next at half its life, however soon Convex asks', async () => {
    await ask(false);
    expect(shortLives).toBe(1);
    confirm();
    const next = ask(true);
    await clock.advance(3_999);
    expect(fetched).toEqual([false]);
    await clock.advance(1);
    await next;
    expect(fetched).toEqual([false, true]);
  });

  it('is followed at once where Convex has stopped its socket', async () => {
    await ask(false);
    confirm();
    newest()[2]?.(true);
    await ask(true);
    expect(fetched).toEqual([false, true]);
  });
});

it('tells of no life that is long enough', async () => {
  const exp = clock.now() / 1000 + 60;
  tokens = () => Promise.resolve(`x.${btoa(JSON.stringify({ iat: exp - 60, exp }))}.x`);
  signIn();
  await ask(false);
  await ask(true);
  expect([fetched, shortLives]).toEqual([[false, true], 0]);
});

it('tells whether the client is held until it is known who the user is', async () => {
  expect(facade.isHeld()).toBe(false);
  facade.park();
  expect(facade.isHeld()).toBe(true);
  signIn();
  expect(facade.isHeld()).toBe(true);
  confirm();
  expect(facade.isHeld()).toBe(false);
});
