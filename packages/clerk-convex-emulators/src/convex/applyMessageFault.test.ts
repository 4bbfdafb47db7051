import { describe, expect, test } from 'vitest';
import {
  add,
  authenticate,
  emulatorForTests,
  modify,
  mutate,
} from '../../../../test/contract/convexFixture/emulatorForTests.ts';
import { openSyncSocket } from '../../../../test/contract/convexFixture/openSyncSocket.ts';

const suite = emulatorForTests();
const { connect, post, runsOf } = suite;

describe('faults', () => {
  test('reject Authenticate, as often as they are told, and leave other messages alone', async () => {
    suite.emulator.faults.add({ times: 1, action: { type: 'reject_authenticate', message: 'No.' } });
    const client = await connect();
    authenticate(client, 0, await suite.issuer.mint());
    expect(await client.next('AuthError')).toMatchObject({ error: 'No.', authUpdateAttempted: true });
    const again = await connect();
    authenticate(again, 0, await suite.issuer.mint());
    await again.next('Transition');
    expect(suite.emulator.faults.fired).toBe(1);
    expect(suite.emulator.log.filter(({ fault }) => fault)).toMatchObject([
      { method: 'MESSAGE', path: 'Authenticate', client: client.session, fault: 'reject_authenticate' },
    ]);
  });

  test('send AuthError now, to all that are open', async () => {
    const clients = [await connect(), await connect()];
    await expect.poll(() => suite.emulator.log.filter(({ path }) => path === 'Connect').length).toBe(2);
    suite.emulator.faults.add({ action: 'auth_error' });
    for (const client of clients) {
      expect(await client.next('AuthError')).toMatchObject({
        error: 'Convex token identity expired',
        authUpdateAttempted: false,
      });
    }
    expect(suite.emulator.authentications.map(({ kind }) => kind)).toEqual(['auth_error', 'auth_error']);
  });

  test('count the sockets that they hit at once, none when none is open', async () => {
    const { faults } = suite.emulator;
    expect([faults.add({ action: 'auth_error' }).fired, faults.add({ action: 'drop_sockets' }).fired]).toEqual([0, 0]);
    await Promise.all([connect(), connect()]);
    await expect.poll(() => suite.emulator.openSockets).toBe(2);
    expect([faults.add({ action: 'auth_error' }).fired, faults.fired]).toEqual([2, 2]);
  });

  test('drop sockets, refuse upgrades and cut connections on CONNECT', async () => {
    const client = await connect();
    suite.emulator.faults.add({ action: 'drop_sockets' });
    expect(await client.closing()).toMatchObject({ code: 1006 });
    const connections = { refuse_upgrade: /503/, reset: /ECONNRESET/, close: /hang up/ } as const;
    for (const [action, error] of Object.entries(connections)) {
      const match = 'CONNECT /api/1.48.0/sync';
      suite.emulator.faults.add({ match, times: 1, action: action as keyof typeof connections });
      await expect(openSyncSocket(suite.emulator.url)).rejects.toThrow(error);
    }
  });

  test('hang a connection until reset', async () => {
    suite.emulator.faults.add({ match: 'CONNECT', action: 'hang' });
    const hanging = openSyncSocket(suite.emulator.url).catch((error: Error) => error.message);
    await expect.poll(() => suite.emulator.log.at(-1)?.fault).toBe('hang');
    await suite.emulator.reset();
    expect(await hanging).toMatch(/hang up|ECONNRESET/);
  });

  test.each(['reset', 'close', 'status'] as const)(
    '%s on a message ends the socket without an answer',
    async (type) => {
      suite.emulator.faults.add({
        match: 'MESSAGE Mutation',
        action: type === 'status' ? { type, status: 500 } : type,
      });
      const client = await connect();
      mutate(client, 0, 'counters:increment', { name: 'a' });
      expect((await client.closing()).code).toBe(type === 'status' ? 1011 : 1006);
      expect(runsOf('counters:increment')).toBe(0);
    },
  );

  test('answer a message with garbage, and do not handle it', async () => {
    suite.emulator.faults.add({ match: 'MESSAGE Mutation', times: 1, action: 'garbage' });
    const client = await connect();
    mutate(client, 0, 'counters:increment', { name: 'a' });
    expect(await client.next('garbage')).toMatchObject({ frame: expect.stringContaining('this is not JSON') });
    mutate(client, 1, 'counters:increment', { name: 'a' });
    expect(await client.next('MutationResponse')).toMatchObject({ requestId: 1, result: 1 });
  });

  test('delay or hold a message, and those behind it', async () => {
    suite.emulator.faults.add({ match: 'MESSAGE ModifyQuerySet', times: 1, action: { type: 'delay', delayMs: 100 } });
    const client = await connect();
    const before = performance.now();
    modify(client, 0, add(0, 'users:me'));
    await client.next('Transition');
    expect(performance.now() - before).toBeGreaterThan(95);
    suite.emulator.faults.add({ match: 'MESSAGE Authenticate', action: 'hang' });
    authenticate(client, 0, undefined);
    mutate(client, 0, 'counters:increment', { name: 'a' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(client.received).toEqual([]);
    expect(runsOf('counters:increment')).toBe(0);
  });

  test('hit the HTTP API', async () => {
    suite.emulator.faults.add({ match: 'POST /api/mutation', times: 1, action: { type: 'status', status: 503 } });
    const body = { path: 'counters:increment', args: { name: 'a' } };
    expect(await post('/api/mutation', body)).toMatchObject({ status: 503, body: { code: 'ServiceUnavailable' } });
    expect(await post('/api/mutation', body)).toMatchObject({ status: 200, body: { status: 'success', value: 1 } });
  });
});
