import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClerkEmulator } from './createClerkEmulator.ts';
import type { ClerkEmulator } from './types.ts';

let clerk: ClerkEmulator;
beforeAll(async () => {
  clerk = await createClerkEmulator();
});
afterAll(() => clerk.close());
afterEach(() => clerk.reset());

const control = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`${clerk.url}/__emulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as unknown };
};

describe('the control endpoint', () => {
  it('adds, shows and removes faults, and no fault hits it', async () => {
    const added = await control('POST', '/faults', {
      match: 'GET /v1/client',
      action: { type: 'status', status: 500 },
    });
    expect(added).toMatchObject({ status: 201, body: { added: [{ id: expect.any(Number), fired: 0 }] } });
    await control('POST', '/faults', [{ action: 'hang', match: 'POST' }]);
    expect((await fetch(`${clerk.url}/v1/client`)).status).toBe(500);
    expect((await control('GET', '/faults')).body).toMatchObject({ fired: 1, active: [{ fired: 1 }, { fired: 0 }] });
    const { id } = (added.body as { added: [{ id: number }] }).added[0];
    expect((await control('DELETE', `/faults/${id}`)).status).toBe(204);
    expect((await fetch(`${clerk.url}/v1/client`)).status).toBe(200);
    expect((await control('DELETE', '/faults')).status).toBe(204);
    expect(clerk.faults.active).toEqual([]);
  });

  it('names what is wrong with a fault, with JSON, with a session', async () => {
    expect(await control('POST', '/faults', { action: 'explode' })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_fault', message: expect.stringContaining('"explode"') } },
    });
    expect(await control('POST', '/faults', 'hang')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_json' } },
    });
    expect(await control('POST', '/sessions/sess_x/revoke')).toMatchObject({
      status: 400,
      body: { error: { code: 'unknown_session' } },
    });
    expect(await control('GET', '/nothing')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: 'There is no GET /__emulator/nothing.' } },
    });
  });

  it('adds all faults of a list or none', async () => {
    const answer = await control('POST', '/faults', [{ action: 'hang' }, { action: 'explode' }]);
    expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('"explode"') } } });
    expect(clerk.faults.active).toEqual([]);
  });

  it.each([
    ['/tickets', '{', 'not JSON; send some like { "user": "ada@example.com" }.'],
    ['/configure', '{', 'not JSON; send some like { "tokenLifeSeconds": 5 }.'],
    ['/configure', 'null', 'no JSON object; send one like { "tokenLifeSeconds": 5 }.'],
    ['/faults', '', 'not JSON; send some like { "action": "hang" }.'],
  ])('POST %s with the body "%s" is told what to send', async (path, body, message) => {
    expect(await control('POST', path, body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_json', message: expect.stringContaining(message) } },
    });
  });

  it('makes a ticket of the first user when no body names one', async () => {
    expect(await control('POST', '/tickets')).toMatchObject({ status: 201, body: { ticket: expect.any(String) } });
  });

  it('revokes, expires, bans, configures, makes tickets, shows the log and resets', async () => {
    const { sessionId } = clerk.signInBrowser();
    await control('POST', `/sessions/${sessionId}/revoke`);
    expect(clerk.isSessionActive(sessionId)).toBe(false);
    const second = clerk.signInBrowser();
    await control('POST', `/sessions/${second.sessionId}/expire`);
    expect(clerk.isSessionActive(second.sessionId)).toBe(false);
    await control('POST', '/configure', { convexIntegration: true });
    await fetch(`${clerk.url}/v1/environment`);
    expect((await control('GET', '/log')).body).toMatchObject([
      { method: 'GET', path: '/v1/environment', status: 200 },
    ]);
    expect((await control('POST', '/tickets', { user: 'ada@example.com' })).body).toEqual({
      ticket: expect.any(String),
    });
    await control('POST', '/users/ada@example.com/ban');
    expect((await control('POST', '/reset')).status).toBe(204);
    expect(clerk.log).toEqual([]);
  });

  it('is open to any page', async () => {
    const { headers } = await control('GET', '/log');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await fetch(`${clerk.url}/__emulator/faults`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, '*']);
  });
});

describe('/npm', () => {
  it('serves the major that the URL names', async () => {
    const five = await fetch(`${clerk.url}/npm/@clerk/clerk-js@5/dist/clerk.headless.js`);
    expect([five.status, five.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    const six = await fetch(`${clerk.url}/npm/@clerk/clerk-js@6.40.0/dist/clerk.no-rhc.mjs`);
    expect(six.status).toBe(200);
    expect((await fetch(`${clerk.url}/npm/@clerk/ui@1/dist/ui.browser.js`)).status).toBe(200);
  });

  it('says what to install when a major is not there', async () => {
    const response = await fetch(`${clerk.url}/npm/@clerk/clerk-js@99/dist/clerk.browser.js`);
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(
      /@clerk\/clerk-js@99 is not installed here.*npm install --save-dev @clerk\/clerk-js@99.*`npmPackages`/,
    );
  });

  it.each([
    '/npm/@clerk/clerk-js@5/dist/..%2fpackage.json',
    '/npm/@clerk/clerk-js@5/dist/%2e%2e%2fpackage.json',
    '/npm/@clerk/clerk-js@5/dist/../package.json',
    '/npm/@clerk/clerk-js@5/dist/..%5cpackage.json',
    '/npm/@clerk/backend@1/dist/index.js',
    '/npm/@clerk/..%2f..%2fesbuild@5/dist/main.js',
  ])('does not leave its folders for %s', async (path) => {
    expect((await fetch(clerk.url + path)).status).toBe(404);
  });
});
