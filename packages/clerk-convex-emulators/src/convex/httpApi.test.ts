import { describe, expect, test } from 'vitest';
import { emulatorForTests } from '../../../../test/contract/convexFixture/emulatorForTests.ts';

const suite = emulatorForTests();
const { post, start } = suite;

describe('the HTTP API', () => {
  test('authenticates before it looks a function up', async () => {
    const { status, body } = await post(
      '/api/query',
      { path: 'no:such', args: {} },
      { authorization: 'Bearer nonsense' },
    );
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'InvalidAuthHeader' });
    const authorization = `Bearer ${await suite.issuer.mint()}`;
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
    const response = await fetch(`${suite.emulator.url}/api/query?${query}`);
    expect(await response.json()).toEqual({ status: 'success', value: 1 });
    expect(await (await fetch(`${suite.emulator.url}/version`)).text()).not.toBe('');
  });

  test('lets pages of any origin ask with a token', async () => {
    const preflight = await fetch(`${suite.emulator.url}/api/query`, {
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
    const posted = await fetch(`${suite.emulator.siteUrl}/messages`, { method: 'POST', body: 'hi' });
    expect([posted.status, posted.headers.get('x-own'), await posted.text()]).toEqual([201, 'yes', '/messages']);
    expect(posted.headers.get('access-control-allow-origin')).toBeNull();
    const headers = { authorization: `Bearer ${await suite.issuer.mint()}` };
    expect(await (await fetch(`${suite.emulator.siteUrl}/me`, { headers })).json()).toBe('user_1');
    for (const path of ['/version', '/api/query', '/__emulator/log']) {
      expect(await (await fetch(`${suite.emulator.siteUrl}${path}`)).text()).toBe('No matching routes found');
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

describe('the control endpoint', () => {
  const control = (method: string, path: string, body?: object) =>
    fetch(`${suite.emulator.url}/__emulator${path}`, { method, ...(body && { body: JSON.stringify(body) }) });

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
    expect(suite.emulator.faults.active).toEqual([]);
    expect(added.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('says that there is no such route, and what a push is like', async () => {
    const unknown = await control('GET', '/nothing');
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { error: { code: 'not_found', message: 'There is no GET /__emulator/nothing.' } },
    ]);
    for (const body of ['{', 'null', '[]']) {
      const pushed = await fetch(`${suite.emulator.url}/__emulator/push`, { method: 'POST', body });
      expect([pushed.status, await pushed.json()]).toMatchObject([
        400,
        { error: { code: 'invalid_json', message: expect.stringContaining('like { "env": { "NAME": "value" } }.') } },
      ]);
    }
    expect((await control('POST', '/push')).status).toBe(204);
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
    expect(suite.emulator.runs).toEqual([]);
    expect(await post('/api/query', { path: 'counters:get', args: { name: 'a' } })).toMatchObject({
      body: { value: 0 },
    });
  });
});
