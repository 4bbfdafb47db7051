import { decodeJwt } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import {
  add,
  authenticate,
  emulatorForTests,
  modify,
  mutate,
} from '../../../../test/contract/convexFixture/emulatorForTests.ts';
import { encodeTs } from './protocol.ts';

const suite = emulatorForTests();
const { connect, runsOf, start } = suite;

describe('a mutation', () => {
  test('is answered before the Transition that passes its timestamp', async () => {
    const client = await connect();
    mutate(client, 0, 'counters:increment', { name: 'a' });
    const response = await client.next('MutationResponse');
    expect(response).toMatchObject({ requestId: 0, success: true, result: 1, ts: expect.any(String) });
    expect(await client.next('Transition')).toMatchObject({ endVersion: { ts: response.ts } });
  });

  test('runs once for a request of a session, over one socket, two at once or a later one', async () => {
    const [first, second] = [await connect({ session: 'session-1' }), await connect({ session: 'session-1' })];
    for (const client of [first, first, second]) mutate(client, 7, 'counters:increment', { name: 'a' });
    const responses = [await first.next('MutationResponse'), await first.next('MutationResponse')];
    responses.push(await second.next('MutationResponse'));
    first.close();
    const later = await connect({ session: 'session-1' });
    mutate(later, 7, 'counters:increment', { name: 'a' });
    responses.push(await later.next('MutationResponse'));
    expect(new Set(responses.map((response) => JSON.stringify(response))).size).toBe(1);
    expect(runsOf('counters:increment')).toBe(1);

    const stranger = await connect({ session: 'session-2' });
    mutate(stranger, 7, 'counters:increment', { name: 'a' });
    expect(await stranger.next('MutationResponse')).toMatchObject({ result: 2 });
  });

  test('that failed runs again, having left nothing', async () => {
    const client = await connect();
    for (let i = 0; i < 2; i++) {
      mutate(client, 0, 'messages:refuse');
      expect(await client.next('MutationResponse')).toMatchObject({
        success: false,
        result: expect.stringMatching(
          /^\[Request ID: \w+\] Server Error\nUncaught ConvexError: \{"code":"refused","count":3\}\n {4}at handler \(\.\.\/convex\/messages\.ts:\d+:\d+\)\n$/,
        ),
        errorData: { code: 'refused', count: 3 },
      });
    }
    expect(runsOf('messages:refuse')).toBe(2);
  });

  test('that is internal is not there for a client, but is for the scheduler', async () => {
    const client = await connect();
    mutate(client, 0, 'messages:insertInternally', { body: 'x' });
    expect(await client.next('MutationResponse')).toMatchObject({
      success: false,
      result: expect.stringContaining("Could not find public function for 'messages:insertInternally'."),
    });
    mutate(client, 1, 'messages:sendLater', { body: 'later', delayMs: 10 });
    await expect.poll(() => runsOf('messages:insertInternally')).toBe(2);
  });

  test('that the scheduler runs tells live queries, and one whose scheduling rolled back never runs', async () => {
    const client = await connect();
    modify(client, 0, add(0, 'messages:list'));
    await client.next('Transition');
    mutate(client, 0, 'messages:scheduleAndFail', { body: 'never' });
    mutate(client, 1, 'messages:sendLater', { body: 'later', delayMs: 20 });
    await expect
      .poll(() => client.received.at(-1)?.modifications)
      .toMatchObject([{ value: [{ body: 'later', author: 'the scheduler' }] }]);
    expect(runsOf('messages:insertInternally')).toBe(1);
  });

  test('through an action tells other queries as soon as it has committed', async () => {
    const client = await connect();
    modify(client, 0, add(0, 'messages:list'));
    await client.next('Transition');
    client.send({ type: 'Action', requestId: 0, udfPath: 'messages:sendViaAction', args: [{ body: 'hi' }] });
    expect(await client.next('ActionResponse')).toMatchObject({ requestId: 0, success: true });
    await expect.poll(() => runsOf('messages:list')).toBe(2);
  });
});

describe('an identity', () => {
  test('changes what every query of the socket sees, and only of that socket', async () => {
    const [client, other] = [await connect(), await connect()];
    modify(client, 0, add(0, 'users:me'), add(1, 'counters:get', { name: 'a' }));
    modify(other, 0, add(0, 'users:me'));
    await client.next('Transition');
    await other.next('Transition');
    authenticate(client, 0, await suite.issuer.mint());
    expect(await client.next('Transition')).toMatchObject({
      endVersion: { identity: 1 },
      modifications: [{ queryId: 0, value: 'user_1' }],
    });
    expect([runsOf('users:me'), runsOf('counters:get')]).toEqual([3, 2]);
    expect(suite.emulator.runs.filter(({ identity }) => identity === 'user_1')).toMatchObject([
      { kind: 'query', path: 'users:me', session: client.session, ok: true },
      { kind: 'query', path: 'counters:get', session: client.session, ok: true },
    ]);
    authenticate(client, 1, undefined);
    expect(await client.next('Transition')).toMatchObject({ modifications: [{ queryId: 0, value: null }] });
    expect(suite.emulator.authentications).toMatchObject([
      { kind: 'accepted', identity: 'user_1', session: client.session },
      { kind: 'cleared', session: client.session },
    ]);
  });

  test('is noted with what tells one token from another', async () => {
    const client = await connect();
    const [first, second] = [await suite.issuer.mint(), await suite.issuer.mint()];
    for (const [version, token] of [first, second, first].entries()) {
      authenticate(client, version, token);
      await client.next('Transition');
    }
    const noted = suite.emulator.authentications.map(({ kind, jti, iat }) => ({ kind, jti, iat }));
    const due = [first, second, first].map(decodeJwt).map(({ jti, iat }) => ({ kind: 'accepted', jti, iat }));
    expect(noted).toEqual(due);
    expect(new Set(noted.map(({ jti }) => jti)).size).toBe(2);
  });

  test('that is refused ends the socket with an AuthError that says it was an attempt', async () => {
    const client = await connect();
    authenticate(client, 0, await suite.issuer.mint({ aud: 'other' }));
    expect(await client.next('AuthError')).toEqual({
      type: 'AuthError',
      error: expect.stringContaining('OIDC(domain='),
      baseVersion: 0,
      authUpdateAttempted: true,
    });
    await client.closing();
    expect(suite.emulator.authentications).toMatchObject([{ kind: 'refused', session: client.session }]);
  });

  test('that expires is found out when something runs', async () => {
    const client = await connect();
    // Tokens expire at full seconds: leave enough of one to be accepted in.
    const lifeSeconds = Date.now() % 1000 < 700 ? 1 : 2;
    const expiresAt = (Math.floor(Date.now() / 1000) + lifeSeconds) * 1000;
    authenticate(client, 0, await suite.issuer.mint({ lifeSeconds }));
    await client.next('Transition');
    await new Promise((resolve) => setTimeout(resolve, expiresAt - Date.now() + 5));
    mutate(client, 0, 'counters:increment', { name: 'a' });
    expect(await client.next('AuthError')).toMatchObject({
      error: 'Convex token identity expired',
      authUpdateAttempted: false,
    });
    expect(runsOf('counters:increment')).toBe(0);
  });

  test('with a wrong base version closes the socket as an internal error', async () => {
    const client = await connect();
    authenticate(client, 5, undefined);
    expect(await client.closing()).toEqual({ code: 1011, reason: 'InternalServerError' });
  });

  test('whose provider is overloaded closes the socket so that the client tries again later', async () => {
    suite.issuer.behaviour = 500;
    const client = await connect();
    authenticate(client, 0, await suite.issuer.mint());
    expect(await client.closing()).toEqual({ code: 1013, reason: 'AuthProviderDiscoveryFailed' });
    suite.issuer.behaviour = 'answer';
  });
});

describe('the socket', () => {
  test('is pinged when it has been silent', async () => {
    const quick = await start({ heartbeatMs: 20 });
    const client = await connect({}, quick);
    expect(await client.next('Ping')).toEqual({ type: 'Ping' });
  });

  test('is not pinged while it has something to say', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const client = await connect();
      for (const version of [0, 1, 2]) {
        modify(client, version);
        await client.next('Transition');
        vi.advanceTimersByTime(14_000);
      }
      // Answered in turn: a Ping would have come before it.
      client.send({ type: 'Action', requestId: 0, udfPath: 'no:such', args: [{}] });
      await expect.poll(() => client.received[0]?.type).toBe('ActionResponse');
      vi.advanceTimersByTime(15_000);
      await client.next('Ping');
    } finally {
      vi.useRealTimers();
    }
  });

  test('is told how far its clock is off', async () => {
    const client = await connect({ connect: { clientTs: Date.now() - 3_600_000 } });
    modify(client, 0);
    const { clientClockSkew } = await client.next('Transition');
    expect(clientClockSkew).toBeGreaterThan(-3_610_000);
    expect(clientClockSkew).toBeLessThanOrEqual(-3_600_000);
  });

  test('of a client that has seen the future closes as an internal error', async () => {
    const soon = await connect({
      connect: { maxObservedTimestamp: encodeTs(BigInt(Date.now() + 60_000) * 1_000_000n) },
    });
    expect(await soon.closing()).toEqual({ code: 1011, reason: 'InternalServerError' });
    const seen = await connect({ connect: { maxObservedTimestamp: encodeTs(1n) } });
    modify(seen, 0);
    await seen.next('Transition');
  });

  test('ends with a FatalError for what is no message', async () => {
    const client = await connect();
    client.sendText('hello');
    expect(await client.next('FatalError')).toMatchObject({
      error: expect.stringMatching(/^Received Invalid JSON on websocket: /),
    });
  });

  test.each([
    ['1.48.0', true],
    ['1.25.0', false],
  ])('sends a large result to a client of %s in chunks: %s', async (version, isChunked) => {
    const small = await start({ transitionChunkBytes: 1000 });
    const client = await connect({ version }, small);
    modify(client, 0, add(0, 'messages:large', { size: 3000 }));
    if (!isChunked) {
      expect(await client.next('Transition')).toMatchObject({ modifications: [{ value: 'é'.repeat(3000) }] });
      return;
    }
    const { totalParts } = await client.next('TransitionChunk');
    expect(totalParts).toBeGreaterThan(6);
  });

  test('counts as open from its upgrade to its end', async () => {
    const client = await connect();
    expect(suite.emulator.openSockets).toBe(1);
    client.close();
    await expect.poll(() => suite.emulator.openSockets).toBe(0);
  });
});
