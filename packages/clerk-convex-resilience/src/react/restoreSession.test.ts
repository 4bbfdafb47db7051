import { describe, expect, it } from 'vitest';
import { retryPolicies } from '../core/policy.ts';
import { createTestClock } from '../core/testClock.ts';
import { createTestConnectivity } from '../core/testConnectivity.ts';
import type { ClerkLike } from './clerkTypes.ts';
import { signedInSessions } from './reloadClient.ts';
import { restoreSession } from './restoreSession.ts';

const expired = { id: 'sess_1', status: 'expired' };

type Status = 'active' | 'pending';

/** A clerk-js that booted without an answer, and whose server then says this. */
function play(server: {
  lastActive?: Status;
  loaded?: Status;
  failures?: number;
  unanswered?: number;
  /** How often `setActive` resolves and nobody is signed in. */
  reluctance?: number;
  hangsAt?: number;
  signedOutOf?: string;
  /** What Clerk's server lists, where it is not the last session alone. */
  lists?: readonly { readonly id: string; readonly status: string }[];
  lastActiveId?: string | null;
}) {
  const clock = createTestClock();
  const connectivity = createTestConnectivity();
  /** Ends the request that is under way, where one hangs. */
  let answer = (): void => {};
  let asked = 0;
  const said: string[] = [];
  let failures = server.failures ?? 0;
  let unanswered = server.unanswered ?? 0;
  let reluctance = server.reluctance ?? 0;
  const clerk: { -readonly [Key in keyof ClerkLike]: ClerkLike[Key] } = {
    session: null,
    client: {
      sessions: [],
      lastActiveSessionId: server.lastActive ? 'sess_1' : null,
      async reload() {
        asked++;
        if (asked === server.hangsAt) {
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
        }
        if (failures-- > 0) throw new TypeError('Failed to fetch');
        if (unanswered-- > 0) return;
        clerk.client = {
          ...clerk.client,
          sessions: server.lists ?? (server.lastActive ? [{ id: 'sess_1', status: server.lastActive }] : []),
          ...(server.lists && { lastActiveSessionId: server.lastActiveId ?? null }),
        };
        if (server.loaded) clerk.session = { id: 'sess_1', status: server.loaded };
      },
    },
    async setActive({ session }) {
      said.push(`active: ${session}`);
      if (reluctance-- > 0) return;
      // As clerk-js: one that is over does not become active.
      clerk.session = signedInSessions(clerk).includes(session)
        ? { id: session, status: server.lastActive ?? 'active' }
        : null;
    },
  };
  const undo = restoreSession({
    clerk: () => clerk,
    clock,
    connectivity,
    policy: retryPolicies.session,
    report: ({ type }) => said.push(type),
    onRetry: () => () => {},
    isSignedOutOf: (sessionId) => sessionId === server.signedOutOf,
    onNothing: () => said.push('nobody'),
  });
  return { clock, connectivity, said, undo, asked: () => asked, answer: () => answer() };
}

describe('restoreSession', () => {
  it.each<[string, Parameters<typeof play>[0], string[]]>([
    ['brings back the last session', { lastActive: 'active' }, ['active: sess_1', 'session_restored']],
    [
      'takes no answer for none, as clerk-js 5 does offline',
      { lastActive: 'active', loaded: 'active', unanswered: 2 },
      [],
    ],
    ['goes on until the server answers', { lastActive: 'active', failures: 3 }, ['active: sess_1', 'session_restored']],
    [
      'goes on until the session is there',
      { lastActive: 'active', reluctance: 1 },
      ['active: sess_1', 'active: sess_1', 'session_restored'],
    ],
    [
      'brings back the one that is signed in, where Clerk names no last one',
      { lists: [{ id: 'sess_2', status: 'active' }] },
      ['active: sess_2', 'session_restored'],
    ],
    [
      'brings back the one that is signed in, where the last one is over',
      { lists: [expired, { id: 'sess_2', status: 'active' }], lastActiveId: 'sess_1' },
      ['active: sess_2', 'session_restored'],
    ],
    [
      'brings back the other one, where the last one was signed out of here',
      {
        lists: [
          { id: 'sess_1', status: 'active' },
          { id: 'sess_2', status: 'active' },
        ],
        lastActiveId: 'sess_1',
        signedOutOf: 'sess_1',
      },
      ['active: sess_2', 'session_restored'],
    ],
    [
      'says that nobody is signed in when all there is is over',
      { lists: [expired], lastActiveId: 'sess_1' },
      ['nobody'],
    ],
    ['leaves a session alone that clerk-js brought back itself', { lastActive: 'active', loaded: 'active' }, []],
    ['says that nobody is signed in when there is no session', {}, ['nobody']],
    ['says so of one that was signed out of here', { lastActive: 'active', signedOutOf: 'sess_1' }, ['nobody']],
    [
      'says so of a session with a task to do',
      { lastActive: 'pending' },
      ['active: sess_1', 'session_restored', 'nobody'],
    ],
    ['says so of one that clerk-js brought back itself', { lastActive: 'pending', loaded: 'pending' }, ['nobody']],
  ])('%s', async (_, server, said) => {
    const played = play(server);
    await played.clock.advance(10_000);
    expect(played.said).toEqual(said);
    expect(played.clock.pendingTimers).toBe(0);
  });

  it('does nothing more once it is undone', async () => {
    const { clock, said, undo } = play({ lastActive: 'active', failures: 1 });
    await clock.advance(0);
    undo();
    await clock.advance(10_000);
    expect(said).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('asks no more often for a clock that is set back in the middle of an outage', async () => {
    const { clock, asked, undo } = play({ failures: 9_999 });
    await clock.advance(600_000);
    clock.setBack(3_600_000);
    const before = asked();
    await clock.advance(1_800_000);
    // As in an outage that begins anew: some 50 in half an hour, where every 3 s are 600.
    expect(asked() - before).toBeLessThan(60);
    undo();
  });

  it('counts a wake signal that comes in the middle of a request that fails', async () => {
    const { clock, connectivity, asked, answer, undo } = play({ failures: 99, hangsAt: 30 });
    while (asked() < 30) await clock.advance(1_000);
    connectivity.wake('online');
    answer();
    await clock.advance(500);
    expect(asked()).toBe(31);
    undo();
  });

  it('leaves nothing when it is stopped in the middle of a request that then fails', async () => {
    const { clock, connectivity, asked, answer, undo } = play({ failures: 99, hangsAt: 3 });
    while (asked() < 3) await clock.advance(1_000);
    undo();
    expect(connectivity.open.wake).toBe(0);
    answer();
    await clock.advance(0);
    expect([clock.pendingTimers, connectivity.open.wake]).toEqual([0, 0]);
  });
});
