import { ConvexError } from 'convex/values';
import { expect, it } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { guardAction } from './guardAction.ts';

const clock = createTestClock();
const lines: string[] = [];
const options = { clock, logger: { warn: (line: string) => lines.push(line) } };
const told = '[Request ID: 1a2b] Server Error\nUncaught Error: ';
const notFound = (longMessage: string): object => ({
  status: 404,
  clerkError: true,
  errors: [{ code: 'resource_not_found', message: 'not found', longMessage }],
});
const network = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } });

it('hands on what the action answers, and what it was called with', async () => {
  const add = guardAction(async (a: number, b: number) => a + b, options);
  expect(await add(1, 2)).toEqual({ ok: true, value: 3 });
});

it.each<[string, unknown, string, boolean]>([
  ['the network', network, 'network', true],
  ['a time that is spent', new DOMException('x', 'TimeoutError'), 'timeout', true],
  ['Convex', new Error('{"code":"InternalServerError","message":"x"}'), 'server', true],
  [
    'a session that is over',
    { status: 401, clerkError: true, errors: [{ code: 'authentication_invalid' }] },
    'session_ended',
    false,
  ],
  [
    'a template that is not there',
    { status: 404, clerkError: true, errors: [{ code: 'resource_not_found' }] },
    'misconfigured',
    false,
  ],
  ['the same, as Clerk says it', notFound('No JWT template exists with name: convex'), 'misconfigured', false],
  ['a session that was revoked elsewhere', notFound('No session was found with id sess_1'), 'session_ended', false],
  [
    'a secret key of another instance, of which the user’s session is not',
    { status: 401, clerkError: true, errors: [{ code: 'clerk_key_invalid' }] },
    'misconfigured',
    false,
  ],
  [
    'another service that cannot be reached',
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    'network',
    true,
  ],
  ['another service that is down', Object.assign(new Error('x'), { status: 500 }), 'server', true],
  ['a function that wants an identity', new Error('Uncaught Error: Not authenticated'), 'session_ended', true],
  ['the same, as a developer’s Convex has it', new Error(`${told}Not authenticated`), 'session_ended', true],
  ['the same, as production has it', new ConvexError('Not authenticated'), 'session_ended', true],
  ['the same, as a code', new ConvexError({ code: 'UNAUTHENTICATED' }), 'session_ended', true],
  [
    'a provider that Convex does not know',
    new Error('{"code":"NoAuthProvider","message":"No auth provider found matching the given token"}'),
    'misconfigured',
    false,
  ],
])('answers a failure, which is plain data, in place of an error: %s', async (_name, error, kind, retryable) => {
  lines.length = 0;
  const result = await guardAction(() => Promise.reject(error), options)();
  expect(result).toEqual({
    ok: false,
    failure: { kind, retryable, reference: `${kind.toUpperCase()} 20231114T2213Z` },
  });
  expect(structuredClone(result)).toEqual(result);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\[clerk-convex-resilience\] action failed: /);
  expect(lines[0]).not.toMatch(/fetch failed|Uncaught/);
});

it.each<[string, unknown]>([
  ['an error of the app', new RangeError('x')],
  ['a ConvexError of the app', new ConvexError({ code: 'room_full' })],
  ['another service that refuses its key', Object.assign(new Error('Bad credentials'), { status: 401 })],
  ['the same, as axios says it', Object.assign(new Error('Not authenticated'), { response: { status: 401 } })],
  ['the same, as a cause', new Error('No repository', { cause: { status: 401 } })],
  [
    'a mail server that wants a password',
    Object.assign(new Error('Message failed: 530 5.7.0 Authentication Required'), {
      code: 'EENVELOPE',
      responseCode: 530,
    }),
  ],
  ['an account that is not connected', new Error('Stripe account is not authenticated')],
  ['a calendar that is not', new Error('The calendar integration is not signed in')],
  ['a token of another service', new Error('Could not validate token')],
  ['one that is for somebody else', new Error('Invalid audience')],
  ['a user whom the app asks Clerk for, and whom there is not', notFound('No user was found with id user_1')],
  ['a function’s own error', new Error(`${told}no such room`)],
  ['one in production, which says nothing', new Error('[Request ID: 1a2b] Server Error')],
  ['one that quotes an outage', new Error(`${told}connect ECONNREFUSED 10.0.0.7:587`)],
  ['one that quotes a refusal', new Error(`${told}Invalid audience`)],
  ['redirect()', Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;push;/x;307;' })],
  ['unauthorized()', Object.assign(new Error('unauthenticated'), { digest: 'NEXT_HTTP_ERROR_FALLBACK;401' })],
  ['nothing', undefined],
])('throws on %s', async (_name, error) => {
  await expect(guardAction(() => Promise.reject(error), options)()).rejects.toBe(error);
});

it('leaves alone what somebody else says of a sign-in', async () => {
  const error = Object.assign(new Error('Bad credentials'), { name: 'HttpError', status: 401 });
  await expect(guardAction(() => Promise.reject(error), options)()).rejects.toBe(error);
});

it('gives the error to onError, and answers whatever that and the logger throw', async () => {
  const seen: unknown[] = [];
  const fail = (): never => {
    throw new Error('x');
  };
  const result = await guardAction(() => Promise.reject(network), {
    clock,
    logger: { warn: fail },
    onError: ({ failure }) => {
      seen.push(failure.cause);
      fail();
    },
  })();
  expect([result.ok, seen]).toEqual([false, [network]]);
});
