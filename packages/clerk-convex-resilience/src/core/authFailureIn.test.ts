import { expect, it } from 'vitest';
import { authFailureIn } from './authFailureIn.ts';
import { convexErrorMark } from './convexErrors.ts';

const convexError = (data: unknown): Error =>
  Object.assign(new Error('[CONVEX Q(users:me)] Server Error'), { data, [convexErrorMark]: true });
const clerkError = (code: string, status: number) => ({ clerkError: true, status, errors: [{ code }] });
const networkError = new Error(
  'ClerkJS: Network error at "https://x.clerk.accounts.dev/v1/client" - TypeError: Failed to fetch.',
);

/** While it is recovering; while all is well, and for a visitor. */
it.each<readonly [string, unknown, string | undefined, string | undefined]>([
  [
    'an app that says "Not authenticated"',
    new Error('[CONVEX Q(users:me)] Uncaught Error: Not authenticated'),
    'session_ended',
    'session_ended',
  ],
  ['a ConvexError with that text', convexError('Unauthenticated'), 'session_ended', 'session_ended'],
  ['a ConvexError with that code', convexError({ code: 'UNAUTHENTICATED' }), 'session_ended', 'session_ended'],
  [
    'a Convex in production, which says nothing',
    new Error('[CONVEX Q(users:me)] [Request ID: 1] Server Error'),
    'session_ended',
    undefined,
  ],
  ['somebody who may not', new Error('Unauthorized'), 'session_ended', undefined],
  ['a ConvexError that says so', convexError('Unauthorized'), 'session_ended', undefined],
  ['a ConvexError of the app’s', convexError({ code: 'NO_SUCH_ROOM' }), undefined, undefined],
  [
    'a misconfiguration that Convex names',
    new Error('No auth provider found matching the given token'),
    'misconfigured',
    'misconfigured',
  ],
  ['a banned account', clerkError('user_banned', 403), 'account_blocked', 'account_blocked'],
  ['Clerk out of reach', networkError, 'network', 'network'],
  ['a wrong password', clerkError('form_password_incorrect', 422), undefined, undefined],
  ['the app’s own network', new TypeError('Failed to fetch'), undefined, undefined],
  [
    'a mistake of the app’s',
    new TypeError("Cannot read properties of undefined (reading 'name')"),
    undefined,
    undefined,
  ],
  ['a promise that is thrown', Promise.resolve(), undefined, undefined],
  ['nothing', undefined, undefined, undefined],
])('%s', (_what, error, recovering, well) => {
  const kinds = (['recovering', 'blocked', 'healthy', 'signed_out', 'starting'] as const).map(
    (status) => authFailureIn(error, status)?.kind,
  );
  expect(kinds).toEqual([recovering, recovering, well, well, well]);
  expect(authFailureIn(error)?.kind).toBe(well);
});
