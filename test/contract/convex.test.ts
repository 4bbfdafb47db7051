import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConvexEmulator } from '../../packages/clerk-convex-emulators/src/convex/createConvexEmulator.ts';
import type { ConvexEmulator } from '../../packages/clerk-convex-emulators/src/convex/types.ts';
import { clientVersions, createClients } from './convexFixture/clients.ts';
import { api } from './convexFixture/convex/_generated/api.ts';
import { convexContract } from './convexFixture/convexContract.ts';
import { createIssuer, type Issuer } from './convexFixture/createIssuer.ts';

// The emulator is right when the real clients, oldest and newest, cannot tell.

const dir = fileURLToPath(new URL('./convexFixture/convex', import.meta.url));
let issuer: Issuer;
let emulator: ConvexEmulator;
let onLog = (_line: string) => {};
beforeAll(async () => {
  issuer = await createIssuer();
  emulator = await createConvexEmulator({
    dir,
    env: { CLERK_JWT_ISSUER_DOMAIN: issuer.url },
    onLog: (line) => onLog(line),
    transitionChunkBytes: 10_000,
  });
});
afterAll(async () => {
  await emulator.close();
  await issuer.close();
});

describe.each(clientVersions)('convex %s on the emulator', (version) => {
  convexContract(version, () => ({
    url: emulator.url,
    siteUrl: emulator.siteUrl,
    mintToken: () => issuer.mint(),
    subject: 'user_1',
  }));

  describe('when something goes wrong', () => {
    const { connect, closeAll } = createClients(version);
    beforeEach(() => emulator.reset());
    afterEach(async () => {
      onLog = () => {};
      await closeAll();
    });
    const runsOf = (path: string) => emulator.runs.filter((run) => run.path === path);

    it('runs a mutation once whose answer was lost, and its promise resolves', async () => {
      const client = connect(emulator.url);
      await client.query(api.users.me, {});
      onLog = (line) => {
        if (!line.includes('incrementing')) return;
        onLog = () => {};
        emulator.faults.add({ action: 'drop_sockets' });
      };
      expect(await client.mutation(api.counters.incrementLoudly, { name: 'a' })).toBe('a');
      expect(runsOf('counters:incrementLoudly')).toHaveLength(1);
      expect(await client.query(api.counters.get, { name: 'a' })).toBe(1);
    });

    it('runs a mutation once that never arrived', async () => {
      const client = connect(emulator.url);
      await client.query(api.users.me, {});
      emulator.faults.add({ match: 'MESSAGE Mutation', times: 1, action: 'reset' });
      expect(await client.mutation(api.counters.increment, { name: 'a' })).toBe(1);
      expect(runsOf('counters:increment')).toHaveLength(1);
    });

    it('is asked for a new token after an AuthError, and goes on as the same user', async () => {
      const client = connect(emulator.url);
      const states: boolean[] = [];
      const forced: boolean[] = [];
      client.setAuth(
        ({ forceRefreshToken }) => {
          forced.push(forceRefreshToken);
          return issuer.mint();
        },
        (isAuthenticated) => states.push(isAuthenticated),
      );
      await expect.poll(() => emulator.authentications.length).toBe(2);
      expect(forced).toEqual([false, true]);
      emulator.faults.add({ action: 'auth_error' });
      await expect.poll(() => emulator.authentications.at(-1)?.kind).toBe('accepted');
      expect(emulator.authentications.map(({ kind }) => kind)).toEqual([
        'accepted',
        'accepted',
        'auth_error',
        'accepted',
      ]);
      expect(forced.at(-1)).toBe(true);
      expect(await client.query(api.users.me, {})).toBe('user_1');
      expect(states).not.toContain(false);
    });

    it('gives up on a token that is refused again and again', async () => {
      emulator.faults.add({ action: 'reject_authenticate' });
      const client = connect(emulator.url);
      const states: boolean[] = [];
      client.setAuth(
        () => issuer.mint(),
        (isAuthenticated) => states.push(isAuthenticated),
      );
      await expect.poll(() => states, { timeout: 10_000 }).toEqual([false]);
      expect(emulator.authentications.every(({ kind }) => kind === 'refused')).toBe(true);
      expect(emulator.authentications.length).toBeGreaterThanOrEqual(2);
    });

    it('comes back after refused upgrades', async () => {
      emulator.faults.add({ times: 1, action: 'refuse_upgrade' });
      const client = connect(emulator.url);
      expect(await client.query(api.users.me, {})).toBe(null);
      expect(emulator.log.filter(({ method }) => method === 'CONNECT').map(({ status }) => status)).toEqual([503, 101]);
    });

    it('receives a result that is larger than a message', async () => {
      const client = connect(emulator.url);
      const text = await client.query(api.messages.large, { size: 40_000 });
      expect(text).toBe('é'.repeat(40_000));
    });

    it('comes back to an emulator that was reset, and sees it empty', async () => {
      const client = connect(emulator.url);
      const seen: number[] = [];
      client.onUpdate(api.counters.get, { name: 'a' }, (value) => seen.push(value));
      await expect.poll(() => seen).toEqual([0]);
      await client.mutation(api.counters.increment, { name: 'a' });
      await emulator.reset();
      await expect.poll(() => seen).toEqual([0, 1, 0]);
    });
  });
});

describe('twenty emulators', () => {
  it('run in one process, and know nothing of one another', async () => {
    const { overHttp } = createClients('1.48');
    const greetings = Array.from({ length: 20 }, (_, index) => `hello ${index}`);
    const env = { CLERK_JWT_ISSUER_DOMAIN: issuer.url };
    const twenty = await Promise.all(
      greetings.map((GREETING) => createConvexEmulator({ dir, env: { ...env, GREETING } })),
    );
    const clients = twenty.map(({ url }) => overHttp(url));
    await Promise.all(clients.map((client) => client.mutation(api.counters.increment, { name: 'a' })));
    await clients[3]?.mutation(api.counters.increment, { name: 'a' });
    const seen = await Promise.all(
      clients.map(async (client) => [
        await client.query(api.counters.environment, {}),
        await client.query(api.counters.get, { name: 'a' }),
      ]),
    );
    expect(seen).toEqual(greetings.map((greeting, index) => [{ greeting, home: null }, index === 3 ? 2 : 1]));
    await Promise.all(twenty.map((each) => each.close()));
  });
});
