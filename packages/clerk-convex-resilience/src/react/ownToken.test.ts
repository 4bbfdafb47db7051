import { expect, test } from 'vitest';
import type { ClerkAuth } from './clerkTypes.ts';
import { createConvexToken } from './convexToken.ts';
import { createOwnToken } from './ownToken.ts';

const part = (value: object): string => btoa(JSON.stringify(value));
const tokenOf = (claims: object): string => `${part({ alg: 'RS256' })}.${part(claims)}.signature`;

const shown = { sessionId: 'sess_1', userId: 'user_1', orgId: 'org_a' } as ClerkAuth;
const personal = { ...shown, orgId: null };
const ask = (tokens: string[], auth = shown) => {
  const own = createOwnToken(async () => tokens.shift() ?? null);
  return () => own(auth, false);
};
const sentBack = { code: 'session_changed' };

test.each<[string, object, ClerkAuth]>([
  ['a session token of the organisation', { sub: 'user_1', sid: 'sess_1', o: { id: 'org_a' } }, shown],
  ['one of version 1', { sub: 'user_1', sid: 'sess_1', org_id: 'org_a' }, shown],
  ['one without an organisation', { sub: 'user_1', sid: 'sess_1' }, personal],
  ['a template that says nothing of session and organisation', { sub: 'user_1' }, shown],
])('takes %s', async (_, claims, auth) => {
  const token = tokenOf(claims);
  await expect(ask([token], auth)()).resolves.toBe(token);
});

test.each<[string, object, ClerkAuth]>([
  ['of another session', { sub: 'user_1', sid: 'sess_2', o: { id: 'org_a' } }, shown],
  ['of another user', { sub: 'user_2' }, shown],
  ['of another organisation', { sub: 'user_1', sid: 'sess_1', o: { id: 'org_b' } }, shown],
  ['of another organisation, of version 1', { sub: 'user_1', sid: 'sess_1', org_id: 'org_b' }, shown],
  ['of no organisation', { sub: 'user_1', sid: 'sess_1' }, shown],
  ['of an organisation that has been left', { sub: 'user_1', sid: 'sess_1', o: { id: 'org_a' } }, personal],
  ['of a template that names another organisation', { sub: 'user_1', org_id: 'org_b' }, shown],
])('sends back a token %s', async (_, claims, auth) => {
  await expect(ask([tokenOf(claims)], auth)()).rejects.toMatchObject(sentBack);
});

test.each<[string, object]>([
  ['another organisation', { sub: 'user_1', sid: 'sess_1', o: { id: 'org_b' } }],
  ['no organisation', { sub: 'user_1', sid: 'sess_1' }],
  ['another organisation in a template', { sub: 'user_1', org_id: 'org_b' }],
])('takes %s in the end, if Clerk insists', async (_, claims) => {
  const token = tokenOf(claims);
  const next = ask(Array.from({ length: 5 }, () => token));
  for (let i = 0; i < 3; i++) await expect(next()).rejects.toMatchObject(sentBack);
  await expect(next()).resolves.toBe(token);
  await expect(next()).rejects.toMatchObject(sentBack); // and counts anew
});

test.each<[string, object]>([
  ['another session', { sub: 'user_1', sid: 'sess_2' }],
  ['another user', { sub: 'user_2' }],
  ['another user in the organisation', { sub: 'user_2', org_id: 'org_a' }],
])('never takes a token of %s, however often Clerk mints it', async (_, claims) => {
  const next = ask(Array.from({ length: 9 }, () => tokenOf(claims)));
  for (let i = 0; i < 9; i++) await expect(next()).rejects.toMatchObject(sentBack);
});

const askTemplate = (claims: object) => {
  const token = tokenOf(claims);
  const own = createOwnToken(createConvexToken());
  const auth = { ...shown, sessionClaims: null, getToken: async () => token };
  return { token, next: () => own(auth, false) };
};

test.each<[string, object]>([
  ['names the session and says nothing of the organisation', { aud: 'convex', sub: 'user_1', sid: 'sess_1' }],
  ['names both', { aud: 'convex', sub: 'user_1', sid: 'sess_1', org_id: 'org_a' }],
  ['calls something else `sid`', { aud: 'convex', sub: 'user_1', sid: 'student 4711' }],
])('takes at once the token of a template that %s', async (_, claims) => {
  const { token, next } = askTemplate(claims);
  for (let i = 0; i < 4; i++) await expect(next()).resolves.toBe(token);
});

test.each<[string, object]>([
  ['another session', { aud: 'convex', sub: 'user_1', sid: 'sess_2' }],
  ['another organisation of the session', { aud: 'convex', sub: 'user_1', sid: 'sess_1', org_id: 'org_b' }],
])('sends back the token of a template that names %s', async (_, claims) => {
  await expect(askTemplate(claims).next()).rejects.toMatchObject(sentBack);
});

test('leaves alone what it cannot read', async () => {
  await expect(ask(['opaque'])()).resolves.toBe('opaque');
  await expect(ask([])()).resolves.toBeNull();
});
