import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createIssuer, type Issuer } from '../../../../test/contract/convexFixture/createIssuer.ts';
import { openSyncSocket } from '../../../../test/contract/convexFixture/openSyncSocket.ts';
import { createConvexEmulator } from './createConvexEmulator.ts';
import { encodeTs } from './protocol.ts';
import type { ConvexEmulator, ConvexEmulatorOptions } from './types.ts';

const dir = fileURLToPath(new URL('../../../../test/contract/convexFixture/convex', import.meta.url));
let issuer: Issuer;
let emulator: ConvexEmulator;
const others: Array<{ close(): unknown }> = [];
const start = async (options: Partial<ConvexEmulatorOptions> = {}) => {
  const started = await createConvexEmulator({ dir, env: { CLERK_JWT_ISSUER_DOMAIN: issuer.url }, ...options });
  others.push(started);
  return started;
};
const connect = async (options?: Parameters<typeof openSyncSocket>[1], to = emulator) => {
  const client = await openSyncSocket(to.url, options);
  others.push(client);
  return client;
};
beforeAll(async () => {
  issuer = await createIssuer();
  emulator = await createConvexEmulator({ dir, env: { CLERK_JWT_ISSUER_DOMAIN: issuer.url } });
});
beforeEach(() => emulator.reset());
afterEach(async () => {
  for (const other of others.splice(0).reverse()) await other.close();
});
afterAll(async () => {
  await emulator.close();
  await issuer.close();
});

type Client = Awaited<ReturnType<typeof openSyncSocket>>;
const add = (queryId: number, udfPath: string, args: object = {}, journal?: string | null) => ({
  type: 'Add',
  queryId,
  udfPath,
  args: [args],
  ...(journal !== undefined && { journal }),
});
const modify = (client: Client, baseVersion: number, ...modifications: object[]) =>
  client.send({ type: 'ModifyQuerySet', baseVersion, newVersion: baseVersion + 1, modifications });
const authenticate = (client: Client, baseVersion: number, token: string | undefined) =>
  client.send(
    token === undefined
      ? { type: 'Authenticate', tokenType: 'None', baseVersion }
      : { type: 'Authenticate', tokenType: 'User', value: token, baseVersion },
  );
const mutate = (client: Client, requestId: number, udfPath: string, args: object = {}) =>
  client.send({ type: 'Mutation', requestId, udfPath, args: [args] });
const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}, to = emulator) => {
  const response = await fetch(`${to.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const runsOf = (path: string) => emulator.runs.filter((run) => run.path === path).length;

describe('the query set', () => {
  test('is answered with a Transition from version 0', async () => {
    const client = await connect();
    modify(client, 0, add(0, 'counters:get', { name: 'a' }));
    expect(await client.next('Transition')).toMatchObject({
      startVersion: { querySet: 0, identity: 0, ts: encodeTs(0n) },
      endVersion: { querySet: 1, identity: 0 },
      modifications: [{ type: 'QueryUpdated', queryId: 0, value: 0, journal: null, logLines: [] }],
    });
    modify(client, 1, { type: 'Remove', queryId: 0 });
    expect(await client.next('Transition')).toMatchObject({ modifications: [{ type: 'QueryRemoved', queryId: 0 }] });
  });

  test('with a wrong base version is a FatalError', async () => {
    const client = await connect();
    modify(client, 3, add(0, 'users:me'));
    expect(await client.next('FatalError')).toMatchObject({
      error: "Base version 3 passed up doesn't match the current version 0",
    });
    await client.closing();
  });

  test('runs again only the queries whose tables a commit touched', async () => {
    const client = await connect();
    modify(client, 0, add(0, 'counters:get', { name: 'a' }), add(1, 'messages:list'), add(2, 'users:me'));
    await client.next('Transition');
    mutate(client, 0, 'counters:increment', { name: 'a' });
    const transition = await client.next('Transition');
    expect(transition).toMatchObject({ modifications: [{ queryId: 0, value: 1 }] });
    expect([runsOf('counters:get'), runsOf('messages:list'), runsOf('users:me')]).toEqual([2, 1, 1]);
  });

  test('does not tell a client what has not changed', async () => {
    const client = await connect();
    modify(client, 0, add(0, 'counters:get', { name: 'a' }));
    await client.next('Transition');
    mutate(client, 0, 'counters:increment', { name: 'b' });
    expect(await client.next('Transition')).toMatchObject({ modifications: [] });
    expect(runsOf('counters:get')).toBe(2);
  });

  test('of another socket hears of a commit, and a failing query of its error', async () => {
    const [writer, reader] = [await connect(), await connect()];
    modify(reader, 0, add(0, 'counters:get', { name: 'a' }), add(1, 'nothing:here'), add(2, 'counters:increment'));
    const first = await reader.next('Transition');
    expect(first).toMatchObject({
      modifications: [
        { queryId: 0, value: 0 },
        { queryId: 1, type: 'QueryFailed', errorMessage: expect.stringContaining("'nothing:here'") },
        { queryId: 2, type: 'QueryFailed', errorMessage: expect.stringContaining('counters.js:increment as Query') },
      ],
    });
    mutate(writer, 0, 'counters:increment', { name: 'a' });
    expect(await reader.next('Transition')).toMatchObject({
      startVersion: first.endVersion,
      modifications: [{ queryId: 0, value: 1 }],
    });
  });

  test('keeps a page where it ended, by the journal that comes back from the client', async () => {
    for (const body of ['1', '2', '3', '4'])
      await post('/api/mutation', { path: 'messages:sendAnonymously', args: { body } });
    const client = await connect();
    const args = { paginationOpts: { numItems: 2, cursor: null } };
    modify(client, 0, add(0, 'messages:page', args));
    const bodies = (message: Awaited<ReturnType<Client['next']>>) => {
      const [change] = message.modifications as Array<{
        journal: string;
        value: { page: Array<{ body: string }>; isDone: boolean; continueCursor: string };
      }>;
      return { ...change?.value, bodies: change?.value.page.map(({ body }) => body), journal: change?.journal ?? null };
    };
    const first = bodies(await client.next('Transition'));
    expect(first).toMatchObject({ bodies: ['4', '3'], isDone: false, journal: expect.any(String) });

    mutate(client, 0, 'messages:sendAnonymously', { body: '5' });
    const grown = bodies(await client.next('Transition'));
    expect(grown).toMatchObject({
      bodies: ['5', '4', '3'],
      continueCursor: first.continueCursor,
      journal: first.journal,
    });

    const later = await connect();
    modify(later, 0, add(0, 'messages:page', args, first.journal), add(1, 'messages:page', { ...args, other: 1 }));
    expect(bodies(await later.next('Transition')).bodies).toEqual(['5', '4', '3']);

    // The document at the end goes: the page still ends there, and is not the last.
    const { _id: id } = (grown.page as unknown as Array<{ _id: string }>)[2] ?? { _id: '' };
    mutate(client, 1, 'messages:remove', { id });
    expect(bodies(await client.next('Transition'))).toMatchObject({
      bodies: ['5', '4'],
      isDone: false,
      continueCursor: first.continueCursor,
    });
  });
});

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
    modify(client, 0, add(0, 'messages:list'));
    mutate(client, 1, 'messages:sendLater', { body: 'later', delayMs: 10 });
    await expect
      .poll(async () => (await post('/api/query', { path: 'messages:list', args: {} })).body.value)
      .toMatchObject([{ body: 'later', author: 'the scheduler' }]);
    expect(emulator.runs.find(({ path }) => path === 'messages:insertInternally')).toBeDefined();
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
    authenticate(client, 0, await issuer.mint());
    expect(await client.next('Transition')).toMatchObject({
      endVersion: { identity: 1 },
      modifications: [{ queryId: 0, value: 'user_1' }],
    });
    expect([runsOf('users:me'), runsOf('counters:get')]).toEqual([3, 2]);
    authenticate(client, 1, undefined);
    expect(await client.next('Transition')).toMatchObject({ modifications: [{ queryId: 0, value: null }] });
    expect(emulator.authentications).toMatchObject([
      { kind: 'accepted', identity: 'user_1', session: client.session },
      { kind: 'cleared', session: client.session },
    ]);
  });

  test('that is refused ends the socket with an AuthError that says it was an attempt', async () => {
    const client = await connect();
    authenticate(client, 0, await issuer.mint({ aud: 'other' }));
    expect(await client.next('AuthError')).toEqual({
      type: 'AuthError',
      error: expect.stringContaining('OIDC(domain='),
      baseVersion: 0,
      authUpdateAttempted: true,
    });
    await client.closing();
    expect(emulator.authentications).toMatchObject([{ kind: 'refused', session: client.session }]);
  });

  test('that expires is found out when something runs', async () => {
    const client = await connect();
    // Tokens expire at full seconds: leave enough of one to be accepted in.
    const lifeSeconds = Date.now() % 1000 < 700 ? 1 : 2;
    const expiresAt = (Math.floor(Date.now() / 1000) + lifeSeconds) * 1000;
    authenticate(client, 0, await issuer.mint({ lifeSeconds }));
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
    issuer.behaviour = 500;
    const client = await connect();
    authenticate(client, 0, await issuer.mint());
    expect(await client.closing()).toEqual({ code: 1013, reason: 'AuthProviderDiscoveryFailed' });
    issuer.behaviour = 'answer';
  });
});

describe('the socket', () => {
  test('is pinged when it has been silent', async () => {
    const quick = await start({ heartbeatMs: 20 });
    const client = await connect({}, quick);
    expect(await client.next('Ping')).toEqual({ type: 'Ping' });
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
    expect(emulator.openSockets).toBe(1);
    client.close();
    await expect.poll(() => emulator.openSockets).toBe(0);
  });
});

describe('faults', () => {
  test('reject Authenticate, as often as they are told, and leave other messages alone', async () => {
    emulator.faults.add({ times: 1, action: { type: 'reject_authenticate', message: 'No.' } });
    const client = await connect();
    authenticate(client, 0, await issuer.mint());
    expect(await client.next('AuthError')).toMatchObject({ error: 'No.', authUpdateAttempted: true });
    const again = await connect();
    authenticate(again, 0, await issuer.mint());
    await again.next('Transition');
    expect(emulator.faults.fired).toBe(1);
    expect(emulator.log.filter(({ fault }) => fault)).toMatchObject([
      { method: 'MESSAGE', path: 'Authenticate', client: client.session, fault: 'reject_authenticate' },
    ]);
  });

  test('send AuthError now, to all that are open', async () => {
    const clients = [await connect(), await connect()];
    await expect.poll(() => emulator.log.filter(({ path }) => path === 'Connect').length).toBe(2);
    emulator.faults.add({ action: 'auth_error' });
    for (const client of clients) {
      expect(await client.next('AuthError')).toMatchObject({
        error: 'Convex token identity expired',
        authUpdateAttempted: false,
      });
    }
    expect(emulator.authentications.map(({ kind }) => kind)).toEqual(['auth_error', 'auth_error']);
  });

  test('drop sockets, refuse upgrades and cut connections on CONNECT', async () => {
    const client = await connect();
    emulator.faults.add({ action: 'drop_sockets' });
    expect(await client.closing()).toMatchObject({ code: 1006 });
    const connections = { refuse_upgrade: /503/, reset: /ECONNRESET/, close: /hang up/ } as const;
    for (const [action, error] of Object.entries(connections)) {
      const match = 'CONNECT /api/1.48.0/sync';
      emulator.faults.add({ match, times: 1, action: action as keyof typeof connections });
      await expect(openSyncSocket(emulator.url)).rejects.toThrow(error);
    }
  });

  test('hang a connection until reset', async () => {
    emulator.faults.add({ match: 'CONNECT', action: 'hang' });
    const hanging = openSyncSocket(emulator.url).catch((error: Error) => error.message);
    await expect.poll(() => emulator.log.at(-1)?.fault).toBe('hang');
    await emulator.reset();
    expect(await hanging).toMatch(/hang up|ECONNRESET/);
  });

  test.each(['reset', 'close', 'status'] as const)(
    '%s on a message ends the socket without an answer',
    async (type) => {
      emulator.faults.add({ match: 'MESSAGE Mutation', action: type === 'status' ? { type, status: 500 } : type });
      const client = await connect();
      mutate(client, 0, 'counters:increment', { name: 'a' });
      expect((await client.closing()).code).toBe(type === 'status' ? 1011 : 1006);
      expect(runsOf('counters:increment')).toBe(0);
    },
  );

  test('delay or hold a message, and those behind it', async () => {
    emulator.faults.add({ match: 'MESSAGE ModifyQuerySet', times: 1, action: { type: 'delay', delayMs: 100 } });
    const client = await connect();
    const before = performance.now();
    modify(client, 0, add(0, 'users:me'));
    await client.next('Transition');
    expect(performance.now() - before).toBeGreaterThan(95);
    emulator.faults.add({ match: 'MESSAGE Authenticate', action: 'hang' });
    authenticate(client, 0, undefined);
    mutate(client, 0, 'counters:increment', { name: 'a' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(client.received).toEqual([]);
    expect(runsOf('counters:increment')).toBe(0);
  });

  test('hit the HTTP API', async () => {
    emulator.faults.add({ match: 'POST /api/mutation', times: 1, action: { type: 'status', status: 503 } });
    const body = { path: 'counters:increment', args: { name: 'a' } };
    expect(await post('/api/mutation', body)).toMatchObject({ status: 503, body: { code: 'ServiceUnavailable' } });
    expect(await post('/api/mutation', body)).toMatchObject({ status: 200, body: { status: 'success', value: 1 } });
  });
});

describe('the HTTP API', () => {
  test('authenticates before it looks a function up', async () => {
    const { status, body } = await post(
      '/api/query',
      { path: 'no:such', args: {} },
      { authorization: 'Bearer nonsense' },
    );
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'InvalidAuthHeader' });
    const authorization = `Bearer ${await issuer.mint()}`;
    expect(await post('/api/query', { path: 'users:me', args: {} }, { authorization })).toEqual({
      status: 200,
      body: { status: 'success', value: 'user_1' },
    });
    expect(await post('/api/query', { path: 'no:such', args: {} })).toMatchObject({
      status: 200,
      body: { status: 'error', errorMessage: expect.stringContaining("'no:such'") },
    });
  });

  test('runs any function by its path', async () => {
    expect(await post('/api/run/counters/increment', { args: { name: 'a' } })).toMatchObject({ body: { value: 1 } });
    const query = new URLSearchParams({ path: 'counters:get', args: '{"name":"a"}' });
    const response = await fetch(`${emulator.url}/api/query?${query}`);
    expect(await response.json()).toEqual({ status: 'success', value: 1 });
    expect(await (await fetch(`${emulator.url}/version`)).text()).not.toBe('');
  });

  test('lets pages of any origin ask with a token', async () => {
    const preflight = await fetch(`${emulator.url}/api/query`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://app.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,convex-client',
      },
    });
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization,content-type,convex-client',
    });
  });

  test('serves the routes of http.ts on siteUrl, and nothing else there', async () => {
    const posted = await fetch(`${emulator.siteUrl}/messages`, { method: 'POST', body: 'hi' });
    expect([posted.status, posted.headers.get('x-own'), await posted.text()]).toEqual([201, 'yes', '/messages']);
    expect(posted.headers.get('access-control-allow-origin')).toBeNull();
    const headers = { authorization: `Bearer ${await issuer.mint()}` };
    expect(await (await fetch(`${emulator.siteUrl}/me`, { headers })).json()).toBe('user_1');
    for (const path of ['/version', '/api/query', '/__emulator/log']) {
      expect(await (await fetch(`${emulator.siteUrl}${path}`)).text()).toBe('No matching routes found');
    }
  });

  test('hides what a function said where errors are redacted, but not its ConvexError', async () => {
    const redacted = await start({ redactErrors: true });
    const response = await fetch(`${redacted.url}/api/mutation`, {
      method: 'POST',
      body: JSON.stringify({ path: 'messages:refuse', args: {} }),
    });
    expect(await response.json()).toEqual({
      status: 'error',
      errorMessage: expect.stringMatching(/^\[Request ID: \w+\] Server Error$/),
      errorData: { code: 'refused', count: 3 },
    });
  });
});

describe('a deployment', () => {
  test('tells what its functions print to its own listener, and this process nothing', async () => {
    const lines: string[] = [];
    const talking = await start({ onLog: (line) => lines.push(line) });
    await fetch(`${talking.url}/api/mutation`, {
      method: 'POST',
      body: JSON.stringify({ path: 'users:store', args: {} }),
    });
    expect(lines).toEqual(["[CONVEX M(users:store)] [LOG] 'users:store called' { hasIdentity: false }"]);
  });

  test('keeps documents and answered mutations in its state file', async () => {
    const stateFile = fileURLToPath(new URL(`./state-${process.pid}.json`, `file://${dir}/`)).replace(
      '/convex/state',
      '/state',
    );
    const first = await createConvexEmulator({ dir, env: { CLERK_JWT_ISSUER_DOMAIN: issuer.url }, stateFile });
    try {
      const client = await connect({ session: 'kept' }, first);
      mutate(client, 0, 'messages:sendAnonymously', { body: 'kept' });
      const response = await client.next('MutationResponse');
      await first.close();
      const second = await start({ stateFile });
      const again = await connect({ session: 'kept' }, second);
      mutate(again, 0, 'messages:sendAnonymously', { body: 'kept' });
      expect(await again.next('MutationResponse')).toEqual(response);
      mutate(again, 1, 'messages:sendAnonymously', { body: 'new' });
      expect((await again.next('MutationResponse')).result).not.toBe(response.result);
      const listed = await post('/api/query', { path: 'messages:list', args: {} }, {}, second);
      expect(listed.body.value).toMatchObject([{ body: 'new' }, { body: 'kept', _id: response.result }]);
    } finally {
      await rm(stateFile, { force: true });
    }
  });

  test('is pushed again with another environment, documents and sockets stay, live queries run again', async () => {
    const pushed = await start();
    const client = await connect({}, pushed);
    modify(client, 0, add(0, 'counters:environment'), add(1, 'counters:get', { name: 'a' }));
    mutate(client, 0, 'counters:increment', { name: 'a' });
    await expect.poll(() => client.received.filter(({ type }) => type === 'MutationResponse').length).toBe(1);
    await pushed.push({ env: { CLERK_JWT_ISSUER_DOMAIN: issuer.url, GREETING: 'again' } });
    await expect
      .poll(() => client.received.at(-1)?.modifications)
      .toMatchObject([{ queryId: 0, value: { greeting: 'again' } }]);
    await expect(pushed.push({ env: {} })).rejects.toMatchObject({ code: 'auth_config_missing_env' });
    mutate(client, 1, 'counters:increment', { name: 'a' });
    await expect.poll(() => client.received.at(-1)?.modifications).toMatchObject([{ queryId: 1, value: 2 }]);
    expect(pushed.openSockets).toBe(1);
  });

  test('says which port is taken, and leaves none open', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    for (const options of [{ port }, { sitePort: port }]) {
      await expect(start(options)).rejects.toMatchObject({
        code: 'port_taken',
        message: expect.stringContaining(`${port}`),
      });
    }
    blocker.close();
  });

  test.each([
    [{ dir: '' }, '`dir` is missing'],
    [{ port: 70_000 }, '`port` is 70000'],
    [{ transitionChunkBytes: 0 }, '`transitionChunkBytes` is 0'],
    [{ env: { A: 1 as unknown as string } }, '`env.A` is 1'],
  ])('refuses %j', async (options, message) => {
    await expect(start(options)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
    });
  });
});

describe('the control endpoint', () => {
  const control = (method: string, path: string, body?: object) =>
    fetch(`${emulator.url}/__emulator${path}`, { method, ...(body && { body: JSON.stringify(body) }) });

  test('adds, shows and ends faults, and no fault hits it', async () => {
    const added = await control('POST', '/faults', { action: 'hang' });
    expect(added.status).toBe(201);
    expect(await (await control('GET', '/faults')).json()).toMatchObject({
      active: [{ fault: { action: 'hang' } }],
      fired: 0,
    });
    const refused = await control('POST', '/faults', { action: 'explode' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: 'invalid_fault' } });
    await control('DELETE', '/faults');
    expect(emulator.faults.active).toEqual([]);
    expect(added.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('shows log and runs, and resets', async () => {
    await post('/api/mutation', { path: 'counters:increment', args: { name: 'a' } });
    expect(await (await control('GET', '/runs')).json()).toMatchObject([
      { kind: 'mutation', path: 'counters:increment' },
    ]);
    expect(await (await control('GET', '/log')).json()).toMatchObject([
      { method: 'POST', path: '/api/mutation', status: 200 },
    ]);
    expect((await control('POST', '/reset')).status).toBe(204);
    expect(emulator.runs).toEqual([]);
    expect(await post('/api/query', { path: 'counters:get', args: { name: 'a' } })).toMatchObject({
      body: { value: 0 },
    });
  });
});
