import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
} from 'clerk-convex-emulators';
import { isStoreUserError } from 'clerk-convex-resilience/core';
import { ConvexHttpClient } from 'convex/browser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '../../../examples/vite-app/convex/_generated/api';

// The example's convex/ folder as it is deployed: Clerk delivers to its http.ts over HTTP, and users sign in beside it.

const dir = fileURLToPath(new URL('../../../examples/vite-app/convex', import.meta.url));
const userId = 'user_ada';
let folder: string;
let clerk: ClerkEmulator;
let convex: ConvexEmulator;
let logLines: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'users-'));
  clerk = await createClerkEmulator({
    users: [{ id: userId, emailAddress: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace' }],
    webhooks: { retryDelaysMs: [20] },
  });
  convex = await createConvexEmulator({
    dir,
    env: { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer, CLERK_WEBHOOK_SIGNING_SECRET: clerk.webhooks.secret },
    stateFile: join(folder, 'state.json'),
    onLog: (line) => logLines.push(line),
  });
});
beforeEach(async () => {
  logLines = [];
  clerk.reset();
  await convex.reset();
  clerk.webhooks.connect(`${convex.siteUrl}/webhooks/clerk`);
});
afterAll(async () => {
  await Promise.all([clerk.close(), convex.close()]);
  await rm(folder, { recursive: true });
});

type Row = Record<string, unknown> & { _id: string };
const stateFile = () => readFile(join(folder, 'state.json'), 'utf8');
let marks = 0;
/** What is in a table: as the emulator keeps it on disk, once that has what was delivered last. */
async function rows(table: string): Promise<Row[]> {
  const mark = `mark_${++marks}`;
  const session = { id: `sess_${mark}`, user_id: 'user_mark', status: 'active', updated_at: Date.now() };
  await clerk.webhooks.send({ type: 'session.created', data: session }, { id: mark });
  await expect.poll(stateFile, { interval: 20 }).toContain(`"${mark}"`);
  const { documents } = JSON.parse(await stateFile()) as { documents: Record<string, Row> };
  return Object.values(documents).filter(
    (row) => new RegExp(`^\\d+${table}$`).test(row._id) && !JSON.stringify(row).includes('mark_'),
  );
}
const backend = (path: string, init?: RequestInit): Promise<Record<string, unknown>> =>
  fetch(`${clerk.url}/v1/users/${userId}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${clerk.secretKey}`, 'content-type': 'application/json' },
  }).then((response) => response.json() as Promise<Record<string, unknown>>);
const rename = (firstName: string) => backend('', { method: 'PATCH', body: JSON.stringify({ first_name: firstName }) });
const created = async () => ({ type: 'user.created', data: await backend('') });
/** `users:store`, as the app's page calls it. */
async function signIn(template?: string) {
  const client = new ConvexHttpClient(convex.url, { logger: false });
  const { sessionId } = clerk.signInBrowser(userId);
  client.setAuth(await clerk.mintToken(sessionId, template ?? 'convex'));
  return { sessionId, client, store: () => client.mutation(api.users.store, {}) };
}
const user = () => ({
  clerkId: userId,
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  imageUrl: expect.stringContaining(userId),
  tokenIdentifier: `${clerk.issuer}|${userId}`,
  updatedAt: expect.any(Number),
});
const codes = () =>
  logLines.map((line) => / webhook [\w.]+ (\w+)/.exec(line)?.[1]).filter((code) => code !== undefined);

describe('what Clerk tells', () => {
  it('of a user comes into the table, changes it, and ends as a row without a person', async () => {
    await clerk.webhooks.send(await created());
    expect(await rows('users')).toMatchObject([user()]);
    await rename('Augusta');
    await clerk.webhooks.settled();
    expect(await rows('users')).toMatchObject([{ ...user(), name: 'Augusta Lovelace' }]);
    const client = new ConvexHttpClient(convex.url, { logger: false });
    expect(await client.query(api.users.list, {})).toEqual([
      { id: expect.any(String), name: 'Augusta Lovelace', imageUrl: user().imageUrl, updatedAt: expect.any(Number) },
    ]);
    clerk.deleteUser(userId);
    await clerk.webhooks.settled();
    const left = await rows('users');
    expect(left).toMatchObject([{ clerkId: userId, deletedAt: expect.any(Number) }]);
    expect(JSON.stringify(left)).not.toMatch(/Lovelace|example\.com|pictures/);
    expect(await client.query(api.users.list, {})).toEqual([]);
  });

  it('of sessions is recorded', async () => {
    const { sessionId } = clerk.signInBrowser();
    await clerk.webhooks.settled();
    const session = { sessionId, clerkId: userId };
    expect(await rows('clerkSessions')).toMatchObject([{ ...session, status: 'active' }]);
    clerk.revokeSession(sessionId);
    await clerk.webhooks.settled();
    expect(await rows('clerkSessions')).toMatchObject([{ ...session, status: 'revoked', endedAt: expect.any(Number) }]);
  });

  it('in the reverse order ends in the same tables', async () => {
    clerk.webhooks.hold();
    const { sessionId } = clerk.signInBrowser();
    await rename('Augusta');
    await rename('Countess');
    clerk.revokeSession(sessionId);
    await clerk.webhooks.release({ order: 'reversed' });
    expect(codes()).toEqual(['handled', 'handled', 'outdated', 'outdated']);
    expect(await rows('users')).toMatchObject([{ ...user(), name: 'Countess Lovelace' }]);
    expect(await rows('clerkSessions')).toMatchObject([{ sessionId, status: 'revoked' }]);
  });

  it('fifty times at once has one effect', async () => {
    const event = await created();
    const sending = Array.from({ length: 50 }, () => clerk.webhooks.send(event, { id: 'msg_same' }));
    const statuses = (await Promise.all(sending)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['delivered']));
    expect(codes().filter((code) => code === 'handled')).toHaveLength(1);
    expect(codes().filter((code) => code === 'duplicate')).toHaveLength(49);
    expect(await rows('clerkWebhookDeliveries')).toMatchObject([{ deliveryId: 'msg_same' }]);
    expect(await rows('users')).toHaveLength(1);
  });

  it('but is forged or stale is refused', async () => {
    const event = await created();
    for (const options of [{ signature: 'forged' }, { ageSeconds: 600 }] as const) {
      expect(await clerk.webhooks.send(event, options)).toMatchObject({ attempts: [{ status: 400 }, { status: 400 }] });
    }
    expect(await new ConvexHttpClient(convex.url, { logger: false }).query(api.users.list, {})).toEqual([]);
  });
});

describe('a webhook and the first login', () => {
  it.each(['before', 'after', 'in the same instant as'])('are one row when it comes %s the login', async (when) => {
    const event = await created();
    const { store } = await signIn();
    const deliver = () => clerk.webhooks.send(event);
    if (when === 'before') await deliver().then(store);
    else if (when === 'after') await store().then(deliver);
    else await Promise.all([store(), deliver(), store(), deliver(), store()]);
    expect(await rows('users')).toMatchObject([user()]);
  });

  it('are one row when the token tells nothing but who it is', async () => {
    clerk.configure({ jwtTemplates: { convex: { claims: { aud: 'convex' } } } });
    await clerk.webhooks.send(await created());
    const { store } = await signIn();
    await store();
    expect(await rows('users')).toMatchObject([user()]);
  });
});

describe('users:store', () => {
  it('tells a client no identity from a user who was deleted', async () => {
    const code = (call: Promise<unknown>) =>
      call.then(
        () => 'stored',
        (error: unknown) => (isStoreUserError(error) ? error.data.code : error),
      );
    expect(await code(new ConvexHttpClient(convex.url, { logger: false }).mutation(api.users.store, {}))).toBe(
      'NO_IDENTITY',
    );
    const { store } = await signIn();
    expect(await code(store())).toBe('stored');
    clerk.deleteUser(userId);
    await clerk.webhooks.settled();
    expect(await code(store())).toBe('USER_DELETED');
  });
});
