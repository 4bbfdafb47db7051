import { describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../test/support/eventually.ts';
import type { AuthEvent } from '../core/events.ts';
import { resolvePolicy, retryPolicies } from '../core/policy.ts';
import { createTestClock } from '../core/testClock.ts';
import { createTestConnectivity } from '../core/testConnectivity.ts';
import { createAuthRuntime } from './authRuntime.ts';
import type { ClerkAuth, ClerkLike } from './clerkTypes.ts';
import type { ConvexClientLike } from './convexTypes.ts';

type SetAuth = ConvexClientLike['setAuth'];

const unreachable = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'));
const cookieOf = (sid: string): string => `x.${btoa(JSON.stringify({ sid }))}.x`;

/** A runtime of which a test plays the provider, Clerk and Convex. */
function play({ isSignedIn = true, isLoaded = true, guardRequests = false } = {}) {
  const clock = createTestClock();
  const connectivity = createTestConnectivity();
  const answers: Array<() => Promise<string | null>> = [];
  const said: string[] = [];
  const clerk: { -readonly [Key in keyof ClerkLike]: ClerkLike[Key] } = {
    loaded: isLoaded,
    session: { id: 'sess_1' },
    client: { sessions: [{ id: 'sess_1' }], reload: async () => {} },
    signOut: async () => void said.push('signOut'),
    redirectToSignIn: async () => void said.push('redirectToSignIn'),
  };
  const auth = (signedIn: boolean): ClerkAuth => ({
    isLoaded,
    isSignedIn: signedIn,
    sessionId: signedIn ? 'sess_1' : null,
    orgId: null,
    orgRole: null,
    sessionClaims: null,
    getToken: () => answers.shift()?.() ?? new Promise(() => {}),
  });
  const events: AuthEvent[] = [];
  const client = { url: 'https://happy-animal-123.convex.cloud', setAuth: vi.fn<SetAuth>(), clearAuth() {} };
  const runtime = createAuthRuntime({
    client,
    guardRequests,
    policy: resolvePolicy(undefined, retryPolicies.session),
    clock,
    connectivity,
    page: connectivity,
    onEvent: (event) => events.push(event),
  });
  const stop = runtime.start();
  const phase = isSignedIn ? 'signed_in' : isLoaded ? 'signed_out' : 'starting';
  runtime.seen(auth(isSignedIn), clerk, phase);
  if (isSignedIn) runtime.source.startSession();
  return { runtime, client, clock, connectivity, clerk, auth, answers, said, events, stop };
}

const settled = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), 5);
    }),
  ]);

describe('what devtools look at', () => {
  it('tells every listener of an event what the app is told, until it has had enough', async () => {
    const { runtime, clock, answers, events } = play();
    const heard: AuthEvent[] = [];
    const undo = runtime.onEvent((event) => heard.push(event));
    answers.push(unreachable);
    const before = events.length;
    void runtime.source.request({ fresh: true });
    await clock.advance(0);
    expect(heard.map(({ type }) => type)).toContain('token_failed');
    expect(events.slice(before)).toEqual(heard);
    undo();
    void runtime.signOut();
    expect(events.length).toBeGreaterThan(before + heard.length);
  });

  it('shows the state of the machine, who the user is, and the guard where there is one', async () => {
    const { runtime, clock, answers } = play();
    expect(runtime.inspect()).toMatchObject({ phase: 'signed_in', token: { status: 'idle' }, guard: null });
    answers.push(async () => cookieOf('sess_1'));
    void runtime.source.request({ fresh: false });
    await clock.advance(0);
    expect(runtime.inspect()).toMatchObject({
      identity: { status: 'none' },
      token: { status: 'idle', last: cookieOf('sess_1') },
    });
    const guarded = play({ guardRequests: true });
    const undo = guarded.runtime.guardFetch();
    expect(guarded.runtime.inspect().guard?.wire.fetch).toBeTypeOf('function');
    undo();
    expect(guarded.runtime.inspect().guard).toBe(null);
  });
});

describe('a listener of the events', () => {
  it('may act at once on a change of the health: what comes of that is the newest', async () => {
    const { runtime, clock, clerk, answers } = play();
    clerk.signOut = () => new Promise<never>(() => {});
    answers.push(unreachable);
    const changes: string[][] = [];
    runtime.onEvent((event) => {
      if (event.type !== 'health_changed') return;
      changes.push([event.from, event.to, runtime.health().status]);
      if (event.to === 'recovering') void runtime.signOut();
    });
    void runtime.source.request({ fresh: true });
    await clock.advance(0);
    expect(changes).toEqual([
      ['starting', 'recovering', 'recovering'],
      ['recovering', 'signed_out', 'signed_out'],
    ]);
    expect(runtime.health().status).toBe('signed_out');
  });
});

describe('the diagnosis', () => {
  const noTemplate = () => Promise.reject({ clerkError: true, status: 404, errors: [{ code: 'resource_not_found' }] });
  const found = (events: readonly AuthEvent[]) => events.filter(({ type }) => type === 'misconfiguration_found');

  it('tells nothing when its provider has gone, and the cause once when StrictMode mounts it again', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { runtime, clock, clerk, auth, answers, events, stop } = play();
    await import('./findCause.ts');
    answers.push(noTemplate, noTemplate);
    const undo = runtime.onEvent(({ type }) => type === 'health_changed' && stop());
    void runtime.source.request({ fresh: true });
    await clock.advance(0);
    undo();
    expect(runtime.health()).toMatchObject({ status: 'blocked' });
    runtime.seen(auth(true), clerk, 'signed_in');
    await new Promise((resolve) => void setTimeout(resolve, 50));
    expect([found(events), error.mock.calls]).toEqual([[], []]);

    const stopAgain = runtime.start();
    runtime.seen(auth(true), clerk, 'signed_in');
    await eventually(() => expect(runtime.health()).toHaveProperty('findings'));
    await eventually(() => expect(error).toHaveBeenCalledTimes(1));
    expect(found(events)).toHaveLength(1);
    stopAgain();
    error.mockRestore();
  });
});

describe('retry', () => {
  it('tries at once and resolves when that attempt is answered, also when it failed', async () => {
    const { runtime, clock, answers } = play();
    answers.push(unreachable, unreachable);
    void runtime.source.request({ fresh: true });
    await clock.advance(0);
    expect(runtime.health()).toMatchObject({ status: 'recovering', attempt: 1 });
    const second = runtime.retry();
    await second;
    expect(runtime.health()).toMatchObject({ status: 'recovering', attempt: 2 });

    let answer = (_token: string): void => {};
    const pending = new Promise<string>((resolve) => {
      answer = resolve;
    });
    answers.push(() => pending);
    const third = runtime.retry();
    expect(await settled(third)).toBe(false);
    expect(runtime.health()).toMatchObject({ status: 'recovering', nextAttemptAt: null });
    answer('token');
    await third;
    expect(runtime.source.trouble()).toBe(null);
  });

  it('resolves at once where nobody waits, in every state', async () => {
    for (const how of [{}, { isSignedIn: false }, { isSignedIn: false, isLoaded: false }]) {
      await play(how).runtime.retry();
    }
  });

  it('resolves when the session ends meanwhile', async () => {
    const { runtime, clock, answers } = play();
    answers.push(unreachable);
    void runtime.source.request({ fresh: true });
    await clock.advance(0);
    const trying = runtime.retry();
    runtime.source.endSession();
    await trying;
  });

  it.each([
    ['5.128.0', 1],
    ['9.0.0', 2],
  ])('asks anew after a minute without an answer where the guard leaves clerk-js %s alone', async (version, asked) => {
    const { runtime, clock, answers } = play({ guardRequests: true });
    vi.stubGlobal('fetch', async () => Response.json({ response: null, client: null }));
    const undo = runtime.guardFetch();
    await fetch(`https://clerk.app.test/v1/client?__clerk_api_version=2025-11-10&_clerk_js_version=${version}`);
    const getToken = vi.fn(() => new Promise<string>(() => {}));
    answers.push(getToken, getToken);
    void runtime.source.request({ fresh: false });
    await clock.advance(65_000);
    expect(getToken).toHaveBeenCalledTimes(asked);
    undo();
    vi.unstubAllGlobals();
  });

  it('asks again for the session of a page that loaded in an outage', async () => {
    const { runtime, clock, clerk } = play({ isSignedIn: false });
    let asked = 0;
    const reload = (): Promise<never> => {
      asked++;
      return unreachable();
    };
    clerk.client = { reload };
    const stop = runtime.restore();
    await clock.advance(60_000);
    const before = asked;
    await runtime.retry();
    await clock.advance(0);
    expect(asked).toBe(before + 1);
    stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('what is refused', () => {
  const refused = Object.assign(new Error('No JWT template exists with name: convex'), {
    clerkError: true,
    status: 404,
    errors: [{ code: 'resource_not_found' }],
  });

  it('is in the health with its cause, which is gone with it', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { runtime, clock, answers, events } = play();
    answers.push(
      () => Promise.reject(refused),
      () => Promise.resolve(null),
    );
    const told: unknown[] = [];
    runtime.subscribe(() => told.push('findings' in runtime.health()));
    void runtime.source.request({ fresh: false });
    await clock.advance(0);
    expect(runtime.health()).toMatchObject({ status: 'blocked', failure: { kind: 'misconfigured' } });
    await eventually(() =>
      expect(runtime.health()).toMatchObject({ status: 'blocked', findings: [{ code: 'JWT_TEMPLATE_MISSING' }] }),
    );
    expect(told).toEqual([false, true]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'misconfiguration_found', codes: ['JWT_TEMPLATE_MISSING'] }),
    );
    answers.push(async () => cookieOf('sess_1'));
    await runtime.retry();
    await clock.advance(0);
    expect(runtime.health()).toEqual({ status: 'starting' });
    vi.restoreAllMocks();
  });

  it('is in the health of a page that Clerk does not load for', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { runtime } = play({ isLoaded: false, isSignedIn: false, guardRequests: true });
    vi.stubGlobal('fetch', async () => Response.json({ errors: [{ code: 'origin_invalid' }] }, { status: 400 }));
    const undo = runtime.guardFetch();
    await fetch('https://clerk.app.test/v1/client?__clerk_api_version=2025-11-10&_clerk_js_version=5.128.0');
    expect(runtime.health()).toMatchObject({ status: 'starting', failure: { kind: 'misconfigured', status: 400 } });
    await eventually(() => expect(runtime.health()).toMatchObject({ findings: [{ code: 'ORIGIN_NOT_ALLOWED' }] }));
    undo();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
});

describe('a token', () => {
  const tokenOf = (claims: object): string => `x.${btoa(JSON.stringify(claims))}.x`;

  it('of another session than the app shows is not handed over, and asked for again', async () => {
    const { runtime, clock, answers } = play();
    const own = tokenOf({ sid: 'sess_1' });
    answers.push(
      async () => tokenOf({ sid: 'sess_2' }),
      async () => own,
    );
    const token = runtime.source.request({ fresh: false });
    await clock.advance(1_000);
    expect(await token).toBe(own);
  });

  it('that does not come is asked for anew after a minute where the guard is off, and not where it is on', async () => {
    for (const guardRequests of [false, true]) {
      const { runtime, clock, answers } = play({ guardRequests });
      const never = (): Promise<never> => new Promise(() => {});
      answers.push(never, async () => 'token');
      void runtime.source.request({ fresh: false });
      await clock.advance(70_000);
      expect(answers).toHaveLength(guardRequests ? 1 : 0);
      runtime.source.endSession();
    }
  });
});

describe('Clerk’s status', () => {
  it('is that of the clerk-js on the page where the package around it is too old to tell', () => {
    const { runtime, connectivity, auth, clerk } = play();
    expect(runtime.clerkStatus()).toBeUndefined();
    connectivity.globals.set('Clerk', { status: 'degraded' });
    expect(runtime.clerkStatus()).toBe('degraded');
    runtime.seen(auth(true), { ...clerk, status: 'ready' }, 'signed_in');
    expect(runtime.clerkStatus()).toBe('ready');
  });
});

describe('a session that is over', () => {
  it('is let go of by the guard when another tab signs out of it', () => {
    const { runtime, connectivity } = play({ guardRequests: true });
    const release = runtime.guardFetch();
    const { guard } = Reflect.get(globalThis, Symbol.for('clerk-convex-resilience/fetch-guard@1'));
    const ended = vi.spyOn(guard, 'endSession');
    connectivity.storeElsewhere('clerk-convex-resilience:signed-out', JSON.stringify(['sess_1']));
    expect(ended).toHaveBeenCalledWith('sess_1');
    release();
  });

  it('is told as such when nobody signed out here', () => {
    const { runtime, auth, clerk } = play();
    runtime.seen(auth(false), clerk, 'signed_out');
    expect(runtime.health()).toMatchObject({ status: 'signed_out', failure: { kind: 'session_ended' } });
    runtime.seen(auth(true), clerk, 'signed_in');
    expect(runtime.health()).not.toHaveProperty('failure');
  });

  it.each([
    ['setActive({ session: null })', 'active', 200, undefined],
    ['a task that has to be done first', 'pending', 200, undefined],
    ['its end, which Clerk has answered', 'ended', 200, 'session_ended'],
    // clerk-js drops it unread, and lists it as before (Clerk#handleUnauthenticated, 5.128.0 and 6.40.0).
    ['a GET /client that was refused', 'active', 403, 'session_ended'],
    ['a GET /client that failed', 'active', 500, 'session_ended'],
  ])('is told apart from one that Clerk still has: after %s', async (_, status, answer, kind) => {
    const { runtime, auth, clerk } = play({ guardRequests: true });
    const sessions = [{ id: 'sess_1', status: 'active' }];
    const listed = { response: { sessions, last_active_session_id: 'sess_1' }, client: null };
    const answers = [Response.json(listed), Response.json({ errors: [{ code: 'user_banned' }] }, { status: answer })];
    if (answer === 200) answers.pop();
    vi.stubGlobal('fetch', async () => answers.shift());
    const undo = runtime.guardFetch();
    while (answers.length > 0)
      await fetch('https://clerk.app.test/v1/client?__clerk_api_version=2025-11-10&_clerk_js_version=5.128.0');
    clerk.client = { sessions: [{ id: 'sess_1', status }] };
    runtime.seen(auth(false), clerk, 'signed_out');
    const health = runtime.health();
    expect([health.status, 'failure' in health ? health.failure?.kind : undefined]).toEqual(['signed_out', kind]);
    undo();
    vi.unstubAllGlobals();
  });

  it('is told as an account that is blocked when that was why', async () => {
    const { runtime, clock, answers, auth, clerk } = play();
    const banned = { errors: [{ code: 'user_banned' }], status: 403, code: 'api_response_error' };
    answers.push(() => Promise.reject(Object.assign(new Error('banned'), banned)));
    void runtime.source.request({ fresh: true });
    await clock.advance(0);
    expect(runtime.health()).toMatchObject({ status: 'blocked', failure: { kind: 'account_blocked' } });
    runtime.seen(auth(false), clerk, 'signed_out');
    expect(runtime.health()).toMatchObject({ status: 'signed_out', failure: { kind: 'account_blocked' } });
  });

  it.each(['here', 'in another tab'])('is no failure after a sign-out %s', async (where) => {
    const { runtime, auth, clerk, connectivity } = play();
    const mark = JSON.stringify(['sess_1']);
    if (where === 'here') void runtime.signOut();
    else connectivity.storeElsewhere('clerk-convex-resilience:signed-out', mark);
    expect(runtime.health()).toEqual({ status: 'signed_out' });
    runtime.seen(auth(false), clerk, 'signed_out');
    expect(runtime.health()).toEqual({ status: 'signed_out' });
  });

  it('is no failure where nobody listened for a sign-out meanwhile, and one again afterwards', () => {
    const { runtime, auth, clerk, stop } = play();
    stop();
    runtime.start();
    runtime.seen(auth(false), clerk, 'signed_out');
    expect(runtime.health()).toEqual({ status: 'signed_out' });
    runtime.seen(auth(true), clerk, 'signed_in');
    runtime.seen(auth(false), clerk, 'signed_out');
    expect(runtime.health()).toMatchObject({ status: 'signed_out', failure: { kind: 'session_ended' } });
  });

  it('leads to the sign-in page of Clerk', async () => {
    const { runtime, said } = play({ isSignedIn: false });
    await runtime.signIn();
    expect(said).toEqual(['redirectToSignIn']);
  });
});

describe('signOut', () => {
  it('keeps with the wish which of Clerk’s instances it is meant for: its host, and no key', async () => {
    const { runtime, connectivity, clerk, auth } = play();
    const publishableKey = `pk_test_${btoa('clerk.example.com$')}`;
    runtime.seen(auth(true), { ...clerk, publishableKey }, 'signed_in');
    await runtime.signOut();
    expect([...connectivity.storage.values()]).toEqual(['["sess_1 clerk.example.com"]']);
  });

  it.each([
    ['leads where the app wants it', true, 0],
    ['stays on the page where there is no network to go anywhere', false, 1],
  ])('%s', async (_, online, callbacks) => {
    const { runtime, connectivity, clerk, auth } = play();
    const signOut = vi.fn(async () => {});
    Object.assign(connectivity, { online });
    runtime.seen(auth(true), { ...clerk, loaded: true, signOut }, 'signed_in');
    await runtime.signOut();
    expect(signOut.mock.calls.map((args: readonly unknown[]) => args.length)).toEqual([callbacks]);
  });

  it('of another account than the active one is insisted on, and leaves this one alone', async () => {
    const { runtime, connectivity, clerk: before, clock, auth, events, said } = play();
    const clerk = { ...before, signOut: (_named: { sessionId: string }) => unreachable() };
    let isAway = true;
    const sessions = (...ids: string[]) =>
      ids.map((id) => ({
        id,
        remove: async () => {
          said.push(`remove ${id}`);
          clerk.client = { sessions: sessions('sess_1'), reload };
        },
      }));
    const reload = async (): Promise<void> => {
      if (isAway) await unreachable();
      clerk.client = { ...clerk.client, sessions: [...(clerk.client?.sessions ?? [])] };
    };
    clerk.client = { sessions: sessions('sess_1', 'sess_2'), reload };
    runtime.seen(auth(true), clerk, 'signed_in');
    await clerk.signOut({ sessionId: 'sess_2' });
    expect([...runtime.signOuts.pending()]).toEqual(['sess_2']);
    expect(runtime.health().status).not.toBe('signed_out');
    isAway = false;
    await clock.advance(30_000);
    expect(said).toEqual(['remove sess_2']);
    expect([...connectivity.storage.values()]).toEqual([]);
    expect(events.filter(({ type }) => type.startsWith('sign_out'))).toContainEqual(
      expect.objectContaining({ type: 'sign_out_confirmed' }),
    );
    expect(runtime.inspect()).toMatchObject({ phase: 'signed_in', token: { status: 'idle' } });
  });

  it.each(['Clerk’s own', 'the runtime’s'])(
    'of a session that has a task to do first is insisted on: %s',
    async (whose) => {
      const { runtime, connectivity, clerk: before, clock, auth, events } = play({ isSignedIn: false });
      let isAway = true;
      let status = 'pending';
      const reload = async (): Promise<void> => {
        if (isAway) await unreachable();
        clerk.client = { ...clerk.client, sessions: [{ id: 'sess_1', status }] };
      };
      const signOut = vi.fn(async () => {
        if (isAway) await unreachable();
        status = 'removed';
      });
      const sessions = [{ id: 'sess_1', status }];
      const clerk = { ...before, session: { id: 'sess_1', status }, client: { sessions, reload }, signOut };
      runtime.seen(auth(false), clerk, 'signed_out');
      await (whose === 'Clerk’s own' ? clerk : runtime).signOut();
      expect([...connectivity.storage.values()]).toEqual(['["sess_1"]']);
      expect(signOut).toHaveBeenCalledOnce();
      await clock.advance(30_000);
      isAway = false;
      await clock.advance(30_000);
      expect([status, signOut.mock.calls.length]).toEqual(['removed', 2]);
      expect([...connectivity.storage.values()]).toEqual([]);
      expect(events.map(({ type }) => type).filter((type) => /^sign_out_(started|confirmed)/.test(type))).toEqual([
        'sign_out_started',
        'sign_out_confirmed',
      ]);
    },
  );

  it('is Clerk’s own affair where Clerk lists nobody', async () => {
    const { runtime, clerk, said, events } = play({ isSignedIn: false });
    clerk.client = { sessions: [{ id: 'sess_1', status: 'ended' }] };
    await runtime.signOut();
    expect([said, events.filter(({ type }) => type.startsWith('sign_out'))]).toEqual([['signOut'], []]);
  });

  it('is over without the guard where Clerk still lists the session, as one that has ended', async () => {
    const { runtime, connectivity, clerk, clock, events } = play();
    const reload = async (): Promise<void> => {
      clerk.client = { sessions: [{ id: 'sess_1', status: 'removed' }], reload };
    };
    clerk.client = { sessions: [{ id: 'sess_1', status: 'active' }], reload };
    await runtime.signOut();
    await clock.advance(60_000);
    expect(events).toContainEqual(expect.objectContaining({ type: 'sign_out_confirmed' }));
    expect([...connectivity.storage.values()]).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps the wish of a user whose session is not loaded yet', async () => {
    const { runtime, connectivity, said } = play({ isSignedIn: false, isLoaded: false });
    connectivity.cookies.set('__session', cookieOf('sess_1'));
    await runtime.signOut();
    expect([...runtime.signOuts.pending()]).toContain('sess_1');
    expect(said).toEqual([]);
  });

  it('is delivered when a provider is mounted again, where the app has unmounted it in the outage', async () => {
    const { runtime, clerk, auth, clock, connectivity, stop } = play();
    let isAway = true;
    let live = ['sess_1'];
    const reload = async (): Promise<void> => {
      if (isAway) await unreachable();
      clerk.client = { sessions: live.map((id) => ({ id })), reload };
    };
    clerk.client = { sessions: [{ id: 'sess_1' }], reload };
    clerk.signOut = async () => {
      if (isAway) await unreachable();
      live = [];
    };
    runtime.seen(auth(true), clerk, 'signed_in');
    await runtime.signOut();
    runtime.seen(auth(true), clerk, 'signed_out');
    stop();
    isAway = false;
    await clock.advance(600_000);
    expect([live, clock.pendingTimers]).toEqual([['sess_1'], 0]);
    runtime.start();
    runtime.seen(auth(true), clerk, 'signed_out');
    await clock.advance(60_000);
    expect([live, [...connectivity.storage.values()]]).toEqual([[], []]);
  });

  it('resolves where there is nobody to sign out, and when Clerk rejects', async () => {
    await play({ isSignedIn: false, isLoaded: false }).runtime.signOut();
    const { runtime, clerk } = play({ isSignedIn: false });
    clerk.signOut = unreachable;
    await runtime.signOut();
  });
});

describe('resetLocalAuth', () => {
  it('marks the sign-out before it forgets, and keeps the mark and what is the app’s', async () => {
    const { runtime, connectivity, clock } = play();
    const stored: Array<readonly [string, boolean]> = [];
    const { forget } = connectivity;
    connectivity.forget = (name) => {
      stored.push(['forget', runtime.signOuts.pending().size > 0]);
      forget(name);
    };
    for (const name of ['__session', '__session_Ab1', '__client_uat', '__client_uat_Ab1', '__clerk_db_jwt', 'theme'])
      connectivity.cookies.set(name, 'x');
    for (const name of ['__clerk_environment', 'clerk_telemetry_throttler', 'draft'])
      connectivity.storage.set(name, 'x');
    const reset = runtime.resetLocalAuth();
    await clock.advance(0);
    await reset;
    expect(stored[0]).toEqual(['forget', true]);
    expect([...connectivity.cookies.keys()]).toEqual(['theme']);
    expect([...connectivity.storage.keys()]).toEqual(['draft', 'clerk-convex-resilience:signed-out']);
  });

  it('is done within a second when Clerk says nothing, so that nobody begins to sign in on a page that goes, and forgets what clerk-js wrote meanwhile', async () => {
    const { runtime, connectivity, clerk, clock } = play();
    clerk.signOut = () => new Promise(() => {});
    const reset = runtime.resetLocalAuth();
    expect(await settled(reset)).toBe(false);
    connectivity.cookies.set('__session', 'x');
    await clock.advance(1_000);
    expect(await settled(reset)).toBe(true);
    expect(connectivity.cookies.size).toBe(0);
    expect([...runtime.signOuts.pending()]).toEqual(['sess_1']);
  });
});

describe('the profile', () => {
  it('is of the session that is rendered, and of nobody while Clerk is ahead of it', () => {
    const { runtime, clerk, auth } = play();
    clerk.user = { updatedAt: new Date(1000) };
    expect(runtime.profile()).toEqual({ sessionId: 'sess_1', updatedAt: 1000 });
    clerk.session = { id: 'sess_2' };
    expect(runtime.profile()).toBeNull();
    // clerk-js 6 has none for a moment.
    clerk.session = undefined;
    expect(runtime.profile()).toEqual({ sessionId: 'sess_1', updatedAt: undefined });
    runtime.seen(auth(false), clerk, 'signed_out');
    expect(runtime.profile()).toBeNull();
  });

  it('is listened to on the Clerk that is there, however late, and only while somebody wants to know', () => {
    const { runtime, clerk, auth } = play();
    const heard = vi.fn();
    const undone = vi.fn();
    let emit = (): void => {};
    const undo = runtime.onProfile(heard);
    const later: ClerkLike = {
      ...clerk,
      addListener: (listener) => {
        emit = listener;
        return undone;
      },
    };
    runtime.seen(auth(true), later, 'signed_in');
    expect(heard).not.toHaveBeenCalled();
    emit();
    expect(heard).toHaveBeenCalledOnce();
    // The health is the same before and after.
    runtime.seen({ ...auth(true), sessionId: 'sess_2' }, later, 'signed_in');
    expect(heard).toHaveBeenCalledTimes(2);
    expect(undone).not.toHaveBeenCalled();
    undo();
    expect(undone).toHaveBeenCalledOnce();
  });

  it.each([
    // updatedAt in ms, leniently: is a token made at 1 700 000 000 s renewed?
    [1_700_000_000_500, true, false],
    [1_700_000_000_500, false, true],
    [1_700_000_001_000, true, true],
    [1_699_999_999_999, false, false],
    [undefined, false, false],
  ])('of %s (leniently: %s) has the token renewed: %s', async (updatedAt, leniently, isRenewed) => {
    const { runtime, clerk, auth, clock } = play();
    const claims = btoa(JSON.stringify({ iat: 1_700_000_000, exp: 1_700_000_060 }));
    let made = 0;
    const getToken = vi.fn(async () => `e30.${claims}.x${made++}`);
    clerk.user = { ...(updatedAt !== undefined && { updatedAt: new Date(updatedAt) }) };
    runtime.seen({ ...auth(true), getToken }, clerk, 'signed_in');
    await runtime.source.request({ fresh: false });
    const rearm = vi.spyOn(runtime.facade, 'rearm');
    const before = getToken.mock.calls.length;
    let isOver = false;
    const renewing = runtime.renewToken(leniently).then(() => {
      isOver = true;
    });
    await clock.advance(0);
    expect(isOver).toBe(!isRenewed);
    // Convex takes it; or says nothing, which is waited for as long as an attempt may take.
    if (!leniently) runtime.report({ type: 'identity_confirmed' });
    await clock.advance(leniently ? 10_000 : 0);
    expect(isOver).toBe(true);
    await renewing;
    expect(clock.pendingTimers).toBe(0);
    expect([getToken.mock.calls.length - before, rearm.mock.calls.length]).toEqual(isRenewed ? [1, 1] : [0, 0]);
  });

  it('is asked for no longer than an attempt may take, and leaves no timer', async () => {
    const { runtime, clerk, clock } = play();
    const timers = clock.pendingTimers;
    clerk.user = { reload: async () => {} };
    await runtime.reloadProfile();
    expect(clock.pendingTimers).toBe(timers);
    clerk.user = { reload: () => new Promise(() => {}) };
    const asked = expect(runtime.reloadProfile()).rejects.toMatchObject({ name: 'TimeoutError' });
    await clock.advance(10_000);
    await asked;
  });
});

describe('healthy, and never without a token that Convex can use', () => {
  /** Signed in, confirmed, with a token that lives a minute and has told Clerk's time. */
  async function playHealthy() {
    const page = play();
    const { runtime, clock, answers } = page;
    const mint = (organization?: string): string => {
      const iat = Math.floor(clock.now() / 1000);
      return `x.${btoa(JSON.stringify({ sid: 'sess_1', org_id: organization, iat, exp: iat + 60 }))}.x`;
    };
    answers.push(async () => mint());
    runtime.facade.setAuth(
      ({ forceRefreshToken }) => runtime.source.request({ fresh: forceRefreshToken }),
      () => {},
    );
    const { setAuth } = page.client;
    const confirm = (): void => setAuth.mock.lastCall?.[1]?.(true);
    await setAuth.mock.lastCall?.[0]({ forceRefreshToken: true });
    confirm();
    expect(runtime.health()).toMatchObject({ status: 'healthy' });
    return { ...page, confirm, mint };
  }

  it('tells whoever looks that the token has expired while Clerk hangs, and everybody right after, without a timer', async () => {
    const { runtime, clock, answers, events, confirm, mint } = await playHealthy();
    await clock.advance(50_000);
    let answer = (_token: string): void => {};
    answers.push(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    void runtime.source.request({ fresh: true });
    const timers = clock.pendingTimers;
    await clock.advance(11_000);
    const told: string[] = [];
    const undo = runtime.subscribe(() => told.push(runtime.health().status));
    const first = runtime.health();
    expect(first).toMatchObject({ status: 'recovering', failure: { code: 'expired_token' } });
    expect(runtime.health()).toBe(first);
    expect(told).toEqual([]);
    await clock.advance(1_000);
    expect(told).toEqual(['recovering']);
    expect(runtime.health()).toBe(first);
    expect(events).toContainEqual(expect.objectContaining({ type: 'health_changed', from: 'healthy' }));
    expect(clock.pendingTimers).toBe(timers);
    answer(mint());
    await clock.advance(0);
    confirm();
    expect(told).toEqual(['recovering', 'healthy']);
    undo();
  });

  it('takes a clock that is set forward for a sleep: whoever looks is told of an expired token, until the next one', async () => {
    const { runtime, clock, answers, events, confirm, mint } = await playHealthy();
    await clock.advance(10_000);
    const jwt = mint();
    clock.setBack(-3_600_000);
    expect(runtime.health()).toMatchObject({ status: 'recovering', failure: { code: 'expired_token' } });
    await clock.advance(40_000);
    // Convex's own timer is none of the clock's. By Clerk's clock the next token was made 40 s later.
    const { iat, exp } = JSON.parse(atob(jwt.split('.')[1] as string));
    answers.push(async () => `x.${btoa(JSON.stringify({ sid: 'sess_1', iat: iat + 40, exp: exp + 40 }))}.x`);
    expect(await runtime.source.request({ fresh: true })).not.toBeNull();
    confirm();
    expect(runtime.health()).toMatchObject({ status: 'healthy' });
    expect(events).toContainEqual(expect.objectContaining({ type: 'clock_skew_detected' }));
    await clock.advance(50_000);
    expect(runtime.health()).toMatchObject({ status: 'healthy' });
    await clock.advance(11_000);
    expect(runtime.health()).toMatchObject({ status: 'recovering', failure: { code: 'expired_token' } });
  });

  it('waits for Convex’s word on another organisation of the session', async () => {
    const { runtime, clerk, clock, auth, answers, confirm, mint } = await playHealthy();
    runtime.seen({ ...auth(true), orgId: 'org_b' }, clerk, 'signed_in');
    runtime.source.startSession();
    runtime.facade.rearm();
    await clock.advance(10_000);
    expect(runtime.source.lastToken()).toBeNull();
    expect(runtime.health()).toMatchObject({ status: 'recovering', since: clock.now() - 10_000 });
    answers.push(async () => mint('org_b'));
    void runtime.source.request({ fresh: true });
    await clock.advance(0);
    confirm();
    expect(runtime.health()).toMatchObject({ status: 'healthy' });
  });
});
