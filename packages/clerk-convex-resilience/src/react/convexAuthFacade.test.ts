import { beforeEach, describe, expect, it } from 'vitest';
import type { AuthEventBody } from '../core/events.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import type { TokenSource } from '../core/tokenSource.ts';
import { type ConvexAuthFacade, createConvexAuthFacade } from './convexAuthFacade.ts';
import type { ConvexClientLike } from './convexTypes.ts';
import { tokenOfNobody } from './tokenOfNobody.ts';

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
/** Each time that it was asked why Convex is silent. */
let silences: AbortSignal[];
/** What the client has logged of refusals. */
let refusals: string[];
let isBlocked: boolean;
let isSignedIn: boolean;
let isShownSignedOut: boolean;
/** Where a client tells of its connection, and what Convex says of a token that it is asked about. */
let listeners: Set<(state: Connection) => void>;
let connection: Connection;
let doubted: AbortSignal[];
let isRefused: Promise<boolean>;

type Connection = { isWebSocketConnected: boolean; connectionCount: number; connectionRetries: number };

beforeEach(() => {
  clock = createTestClock();
  events = [];
  arms = [];
  fetched = [];
  shortLives = 0;
  silences = [];
  refusals = [];
  isBlocked = false;
  isSignedIn = true;
  isShownSignedOut = false;
  listeners = new Set();
  connection = { isWebSocketConnected: false, connectionCount: 0, connectionRetries: 0 };
  doubted = [];
  isRefused = Promise.resolve(false);
  tokens = () => Promise.resolve(`token ${fetched.length}`);
  client = { setAuth: (...arm) => void arms.push(arm), clearAuth: () => {} };
  facade = createFacade();
});

function createFacade(): ConvexAuthFacade {
  const now = () => clock.now();
  const doubt: TokenSource['doubt'] = (signal) => {
    doubted.push(signal);
    return isRefused.then((it) => it && !signal.aborted);
  };
  const source = {
    confirmed() {},
    refused() {},
    lastToken: () => null,
    now,
    doubt,
  } as Partial<TokenSource> as TokenSource;
  return createConvexAuthFacade({
    client,
    source,
    clock,
    isSignedIn: () => isSignedIn,
    isShownSignedOut: () => isShownSignedOut,
    onIdentity: () => {},
    onShortLife: () => void shortLives++,
    onSilence: (signal) => void silences.push(signal),
    onRefusal: (text) => void refusals.push(text),
    isBlocked: () => isBlocked,
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
    expect(at.slice(0, 6)).toEqual([10, 30, 70, 110, 150, 190]);
  });

  it('is asked why after three seconds, once for each token, until it says something', async () => {
    await clock.advance(2_999);
    expect(silences).toHaveLength(0);
    await clock.advance(7_001);
    expect(silences.map(({ aborted }) => aborted)).toEqual([true]); // armed anew
    await ask(false);
    void ask(true);
    await clock.advance(3_000);
    expect(silences.map(({ aborted }) => aborted)).toEqual([true, false]);
    confirm();
    expect(silences.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('is left alone once it has confirmed', async () => {
    confirm();
    expect([silences.length, clock.pendingTimers]).toEqual([0, 0]);
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

describe('a client whose socket is closed each time that it is opened', () => {
  /** The socket opens and closes, so many times. */
  const flap = (times: number): void => {
    for (let time = 0; time < times; time++) {
      const connectionCount = connection.connectionCount + (connection.isWebSocketConnected ? 0 : 1);
      tell({ ...connection, isWebSocketConnected: true, connectionCount });
      tell({ ...connection, isWebSocketConnected: false, connectionRetries: connection.connectionRetries + 1 });
    }
  };
  const tell = (next: Connection): void => {
    connection = next;
    for (const listener of listeners) listener(next);
  };
  beforeEach(() => {
    client = {
      ...client,
      connectionState: () => connection,
      subscribeToConnectionState(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    facade = createFacade();
  });
  const given = async (): Promise<void> => {
    signIn();
    void ask(false);
    await settle();
  };

  it('has Convex asked about its token at once, and is armed anew where that does not take it', async () => {
    isRefused = Promise.resolve(true);
    await given();
    flap(1);
    await settle();
    expect([doubted.length, arms.length, clock.pendingTimers]).toEqual([1, 2, 0]);
    // The null that sends the client to ask for another, which waits until Convex takes one.
    tokens = () => new Promise(() => {});
    expect(await ask(false)).toBeNull();
    void ask(true);
    await settle();
    flap(20);
    await clock.advance(600_000);
    expect([doubted.length, arms.length, clock.pendingTimers]).toEqual([1, 2, 0]);
    expect(listeners.size).toBe(0);
  });

  it('counts the socket that was open when it was given the token', async () => {
    tell({ isWebSocketConnected: true, connectionCount: 7, connectionRetries: 0 });
    await given();
    tell({ ...connection, isWebSocketConnected: false, connectionRetries: 1 });
    expect(doubted).toHaveLength(1);
  });

  it('is let alone where Convex takes its token, and asked about at every second time after the first', async () => {
    await given();
    flap(2);
    expect(doubted).toHaveLength(1);
    flap(4);
    await settle();
    expect([doubted.length, arms.length]).toEqual([3, 1]);
    confirm();
    flap(6);
    expect([doubted.length, listeners.size, clock.pendingTimers]).toEqual([3, 0, 0]);
  });

  it('is asked about once where it is closed once and cannot be opened, and not at all where it never was', async () => {
    await given();
    for (let retries = 2; retries < 30; retries++) tell({ ...connection, connectionRetries: retries });
    expect(doubted).toHaveLength(0);
    flap(1);
    for (let retries = 2; retries < 30; retries++) tell({ ...connection, connectionRetries: retries });
    expect(doubted).toHaveLength(1);
  });

  it('is not asked why it is silent while its socket is lost, or when the app has closed it', async () => {
    await given();
    flap(1);
    await clock.advance(3_000);
    expect(silences).toHaveLength(0);
    await clock.advance(7_000);
    client.connectionState = () => {
      throw new Error('ConvexReactClient has already been closed.');
    };
    void ask(true);
    await clock.advance(3_000);
    expect(silences).toHaveLength(0);
  });

  it('makes nothing of an answer that comes when the client has confirmed, and ends the question', async () => {
    let answer = (_: boolean): void => {};
    isRefused = new Promise((resolve) => {
      answer = resolve;
    });
    await given();
    flap(2);
    confirm();
    expect(doubted[0]?.aborted).toBe(true);
    answer(true);
    await settle();
    expect(arms).toHaveLength(1);
  });

  it('is left to a question that it asks meanwhile', async () => {
    isRefused = Promise.resolve(true);
    await given();
    tokens = () => new Promise(() => {});
    flap(1);
    void ask(true);
    await settle();
    expect(arms).toHaveLength(1);
    flap(2);
    expect(doubted).toHaveLength(1);
  });

  it('is nobody’s business when nobody is signed in any more', async () => {
    await given();
    facade.signOut();
    flap(4);
    expect([doubted.length, listeners.size]).toEqual([0, 0]);
  });
});

describe('a sign-out', () => {
  let said: string[];
  beforeEach(() => {
    said = [];
    client = Object.assign(client, {
      clearAuth: () => void said.push('nobody'),
      mutation: async () => void said.push('mutation'),
    });
    signIn();
  });
  const mutate = (): unknown => (client as unknown as { mutation(): unknown }).mutation();

  it('leaves a moment to React, to unmount what asks as the user, and holds what the app asks in it', async () => {
    facade.signOut();
    mutate();
    facade.signOut();
    said.push('unsubscribed');
    facade.clearAuth();
    said.push('subscribed');
    await settle();
    mutate();
    expect(said).toEqual(['unsubscribed', 'nobody', 'subscribed', 'mutation', 'mutation']);
  });

  it('does not wait for a React that does not come', async () => {
    facade.signOut();
    mutate();
    expect(said).toEqual([]);
    await Promise.resolve();
    expect(said).toEqual(['nobody']);
    isShownSignedOut = true;
    facade.clearAuth();
    await settle();
    expect(said).toEqual(['nobody', 'mutation']);
  });

  it('gives a question of that moment no token', async () => {
    facade.signOut();
    expect(await ask(true)).toBeNull();
  });

  it('of Clerk’s is one at once, when that is what is shown', () => {
    isShownSignedOut = true;
    facade.clearAuth();
    expect(said).toEqual(['nobody']);
  });

  it('is none where the next session begins in the same turn', async () => {
    facade.clearAuth();
    signIn();
    await settle();
    expect(said).toEqual([]);
  });

  it('of one provider is none of another that has taken the client over', async () => {
    const before = facade;
    facade = createFacade();
    signIn();
    before.signOut();
    before.clearAuth();
    await settle();
    expect(said).toEqual([]);
  });

  it('holds nothing from whoever signs in within the moment', async () => {
    facade.signOut();
    signIn();
    mutate();
    await settle();
    expect(said).toEqual(['mutation']);
  });
});

describe('a client of two providers', () => {
  let clears: number;
  let stays: ConvexAuthFacade;
  beforeEach(() => {
    clears = 0;
    client = { ...client, clearAuth: () => void clears++ };
    stays = facade = createFacade();
    signIn();
    facade = createFacade();
    signIn();
    arms = [];
  });

  it('is taken over by the one that stays when the other leaves', async () => {
    facade.clearAuth();
    expect(arms).toHaveLength(0);
    await settle();
    expect([arms.length, clears]).toEqual([1, 0]);
    expect(await ask(false)).toMatch(/^token /);
    stays.clearAuth();
    await settle();
    expect([arms.length, clears]).toEqual([1, 1]);
  });

  it('is not taken over where both come back in the same turn, as in StrictMode', async () => {
    stays.clearAuth();
    facade.clearAuth();
    signIn();
    await settle();
    expect([arms.length, clears]).toEqual([1, 0]);
  });

  it.each<[string, () => void]>([
    [
      'has signed out, and not rendered that yet',
      () => {
        isSignedIn = false;
      },
    ],
    [
      'shows a page without a user',
      () => {
        isShownSignedOut = true;
      },
    ],
    ['has been told to sign out', () => stays.signOut()],
    ['has left, too', () => stays.clearAuth()],
  ])('is nobody’s where the other one %s', async (_, happen) => {
    happen();
    facade.clearAuth();
    await settle();
    expect([arms.length, clears]).toEqual([0, 1]);
  });

  it('is left alone when the app has closed it', async () => {
    client.connectionState = () => {
      throw new Error('ConvexReactClient has already been closed.');
    };
    facade.clearAuth();
    await settle();
    expect(arms).toHaveLength(0);
  });

  it('stays held for the one that stays while nobody knows who the user is, whichever leaves', async () => {
    client = { ...client };
    const [first, second, third] = [createFacade(), createFacade(), createFacade()];
    for (const each of [first, second, third]) each.park();
    const answers: unknown[] = [];
    const put = (): void => void ask(false).then((token) => answers.push(token));
    put();
    first.unpark();
    await settle();
    expect([arms.length, answers]).toEqual([3, []]);
    third.unpark();
    put();
    await settle();
    expect([arms.length, answers]).toEqual([4, [null]]); // to the old question, whose answer Convex ignores by now
    second.unpark();
    await settle();
    expect([arms.length, answers]).toEqual([4, [null, null]]);
  });
});

/** A client whose log is listened to, and that says that its socket is lost. */
function createLoggingFacade() {
  const log = new Set<(level: string, ...args: readonly unknown[]) => void>();
  client = {
    ...client,
    connectionState: () => connection,
    subscribeToConnectionState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    logger: {
      addLogLineListener(listener: (level: string, ...args: readonly unknown[]) => void) {
        log.add(listener);
        return () => log.delete(listener);
      },
    },
  };
  facade = createFacade();
  signIn();
  const says = (level: string, ...args: readonly unknown[]): void => {
    for (const listener of log) listener(level, ...args);
  };
  return { log, says };
}

it('does not take what Convex says of a token of nobody for why the user’s is refused', async () => {
  const { log, says } = createLoggingFacade();
  newest()[2]?.(true); // asks anew
  tokens = () => new Promise(() => {});
  const token = ask(false);
  for (const listener of [...listeners]) listener({ ...connection, connectionRetries: 1 });
  expect(await token).toBe(tokenOfNobody);
  expect(log.size).toBe(1);
  says('error', 'Failed to authenticate: "Could not parse", check your server auth config');
  expect(refusals).toEqual([]);
});

it('hears why a token is refused where the client logs it, until it has confirmed one', async () => {
  const { log, says } = createLoggingFacade();
  await ask(false);
  says('debug', '2026-11-27T00:00:00.000Z', 'attempting to reauthenticate: Invalid audience');
  says('info', 'Attempting reconnect in 500ms', { a: 1 }, null);
  says('error', 'Failed to authenticate: "Invalid audience", check your server auth config');
  expect(refusals).toEqual([
    'attempting to reauthenticate: Invalid audience',
    'Failed to authenticate: "Invalid audience", check your server auth config',
  ]);
  confirm();
  expect(log.size).toBe(0);
});

it('asks for another token only every half minute where a person has to do something', async () => {
  signIn();
  await ask(false);
  isBlocked = true;
  void ask(true);
  await clock.advance(29_999);
  expect(fetched).toEqual([false]);
  await clock.advance(1);
  expect(fetched).toEqual([false, true]);
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

it('gives a fresh token at once after the clock was set back', async () => {
  signIn();
  await ask(false);
  void ask(true);
  await settle();
  clock.setBack(3_600_000);
  for (let minute = 0; minute < 5; minute++) {
    const before = fetched.length;
    void ask(true);
    await settle();
    expect(fetched.length).toBe(before + 1);
    confirm();
    await clock.advance(60_000);
  }
});

describe('a client that the app has closed', () => {
  let isClosed: boolean;
  beforeEach(() => {
    isClosed = false;
    // Every method of ConvexReactClient throws then.
    const open = (): void => {
      if (isClosed) throw new Error('ConvexReactClient has already been closed.');
    };
    client.setAuth = (...arm) => {
      open();
      arms.push(arm);
    };
    client.connectionState = () => {
      open();
      return connection;
    };
    client.subscribeToConnectionState = () => {
      open();
      return () => {};
    };
    signIn();
  });

  it('is not armed anew', async () => {
    await ask(false);
    isClosed = true;
    await clock.advance(60_000);
    expect(arms).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is given the token that it has asked for, and nothing is thrown', async () => {
    const token = ask(false);
    isClosed = true;
    expect(await token).toBe('token 1');
    expect(clock.pendingTimers).toBe(0);
  });
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
