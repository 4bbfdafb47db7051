import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { askBackendApi, mayHoldSecret } from './askBackendApi.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A Backend API with these answers; `asked` are the requests that came. */
async function serve(answers: Readonly<Record<string, unknown>>, status = 200) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const answer = answers[`${request.method} ${request.url?.split('?')[0]}`] ?? { errors: [] };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => {
    server?.listen(0, '127.0.0.1', resolve);
  });
  return { base: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), asked };
}

it.each([
  ['https://api.clerk.com', true],
  ['http://127.0.0.1:4200', true],
  ['http://[::1]:4200', true],
  ['http://localhost:4200', true],
  ['http://api.clerk.com', false],
  ['http://127.0.0.1.evil.example', false],
  ['http://10.0.0.1', false],
])('lets a secret key go to %s: %s', async (base, expected) => {
  expect(mayHoldSecret(new URL(base))).toBe(expected);
  if (!expected) await expect(askBackendApi(new URL(base), 'sk_test_x', 100)).rejects.toThrow('over https only');
});

const template = { name: 'convex', lifetime: 60, claims: { aud: 'convex', name: '{{user.full_name}}' } };

it.each([
  ['a list', [template]],
  ['pages', { data: [template], total_count: 1 }],
])('reads the templates from %s, and no more than a check needs', async (_, templates) => {
  const { base, asked } = await serve({
    'GET /v1/jwt_templates': templates,
    'GET /v1/jwks': { keys: [{ kid: 'ins_1' }] },
  });
  expect(await askBackendApi(base, 'sk_test_x', 5000)).toMatchObject({
    evidence: { status: 200, templates: [{ name: 'convex', lifetime: 60, aud: 'convex' }] },
    kids: ['ins_1'],
  });
  expect(asked).toEqual(['GET /v1/jwt_templates Bearer sk_test_x', 'GET /v1/jwks Bearer sk_test_x']);
});

const session = {
  'GET /v1/jwt_templates': [],
  'GET /v1/jwks': { keys: [] },
  'GET /v1/users': [{ id: 'user_1' }],
  'GET /v1/sessions': [{ id: 'sess_1' }],
};
const tokenWith = (claims: unknown) => ({ jwt: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x` });

it.each([
  ['on', { ...session, 'POST /v1/sessions/sess_1/tokens': tokenWith({ aud: 'convex' }) }, true],
  ['on, with others', { ...session, 'POST /v1/sessions/sess_1/tokens': tokenWith({ aud: ['x', 'convex'] }) }, true],
  ['off', { ...session, 'POST /v1/sessions/sess_1/tokens': tokenWith({ sid: 'sess_1' }) }, false],
  ['unknown: no JWT', { ...session, 'POST /v1/sessions/sess_1/tokens': { jwt: 'x' } }, undefined],
  ['unknown: nobody is signed in', { ...session, 'GET /v1/sessions': [] }, undefined],
  ['unknown: there are no users', { ...session, 'GET /v1/users': [] }, undefined],
  [
    'unknown: an id that would lead elsewhere',
    {
      ...session,
      'GET /v1/users': [{ id: '../x' }],
      'POST /v1/sessions/sess_1/tokens': tokenWith({ aud: 'convex' }),
    },
    undefined,
  ],
])('sees on a session token that the integration is %s', async (_, answers, expected) => {
  const { base } = await serve(answers);
  expect((await askBackendApi(base, 'sk_test_x', 5000)).evidence.integration).toBe(expected);
});

it('mints no token in a production instance', async () => {
  const { base, asked } = await serve(session);
  expect((await askBackendApi(base, 'sk_live_x', 5000)).evidence).toEqual({ status: 200, templates: [] });
  expect(asked).toHaveLength(2);
});

it.each([
  ['a refusal', 401, { errors: [{ code: 'clerk_key_invalid' }] }, { status: 401 }],
  ['an outage', 500, { errors: [{ code: 'internal_clerk_error' }] }, { status: 500 }],
  ['a refusal by something else', 401, { login: 'here' }, {}],
  ['an answer of something else', 200, { login: 'here' }, {}],
])('asks no more after %s', async (_, status, answer, evidence) => {
  const { base, asked } = await serve({ 'GET /v1/jwt_templates': answer }, status);
  expect((await askBackendApi(base, 'sk_test_x', 5000)).evidence).toEqual(evidence);
  expect(asked).toHaveLength(1);
});
