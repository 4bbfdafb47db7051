import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createConvexEmulator } from '../../../packages/clerk-convex-emulators/src/convex/createConvexEmulator.ts';
import type {
  ConvexEmulator,
  ConvexEmulatorOptions,
} from '../../../packages/clerk-convex-emulators/src/convex/types.ts';
import { createIssuer, type Issuer } from './createIssuer.ts';
import { openSyncSocket } from './openSyncSocket.ts';

const fixtureDir = fileURLToPath(new URL('./convex', import.meta.url));

export type Client = Awaited<ReturnType<typeof openSyncSocket>>;

/** One emulator for the tests of a file, empty at the start of each; what a test opens is closed at its end. */
export function emulatorForTests() {
  const toClose: Array<{ close(): unknown }> = [];
  // Set before the first test runs.
  const started = {} as { emulator: ConvexEmulator; issuer: Issuer };
  const suite = {
    get emulator(): ConvexEmulator {
      return started.emulator;
    },
    get issuer(): Issuer {
      return started.issuer;
    },
    /** Another emulator of the fixture. */
    async start(options: Partial<ConvexEmulatorOptions> = {}): Promise<ConvexEmulator> {
      const env = { CLERK_JWT_ISSUER_DOMAIN: started.issuer.url };
      const emulator = await createConvexEmulator({ dir: fixtureDir, env, ...options });
      toClose.push(emulator);
      return emulator;
    },
    /** A socket of the sync protocol that has said Connect. */
    async connect(options?: Parameters<typeof openSyncSocket>[1], to = started.emulator): Promise<Client> {
      const client = await openSyncSocket(to.url, options);
      toClose.push(client);
      return client;
    },
    async post(path: string, body: object, headers: Readonly<Record<string, string>> = {}, to = started.emulator) {
      const response = await fetch(`${to.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    runsOf: (path: string) => started.emulator.runs.filter((run) => run.path === path).length,
  };
  beforeAll(async () => {
    started.issuer = await createIssuer();
    started.emulator = await createConvexEmulator({
      dir: fixtureDir,
      env: { CLERK_JWT_ISSUER_DOMAIN: started.issuer.url },
    });
  });
  beforeEach(() => started.emulator.reset());
  afterEach(async () => {
    for (const each of toClose.splice(0).reverse()) await each.close();
  });
  afterAll(async () => {
    await started.emulator.close();
    await started.issuer.close();
  });
  return suite;
}

export const add = (queryId: number, udfPath: string, args: object = {}, journal?: string | null) => ({
  type: 'Add',
  queryId,
  udfPath,
  args: [args],
  ...(journal !== undefined && { journal }),
});

export const modify = (client: Client, baseVersion: number, ...modifications: object[]) =>
  client.send({ type: 'ModifyQuerySet', baseVersion, newVersion: baseVersion + 1, modifications });

export const authenticate = (client: Client, baseVersion: number, token: string | undefined) =>
  client.send(
    token === undefined
      ? { type: 'Authenticate', tokenType: 'None', baseVersion }
      : { type: 'Authenticate', tokenType: 'User', value: token, baseVersion },
  );

export const mutate = (client: Client, requestId: number, udfPath: string, args: object = {}) =>
  client.send({ type: 'Mutation', requestId, udfPath, args: [args] });
