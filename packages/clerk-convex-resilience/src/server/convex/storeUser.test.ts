import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isStoreUserError } from '../../core/storeUserError.ts';
import { createTestApp } from './testApp.ts';
import { writeUser } from './writeUser.ts';

const issuer = 'https://clerk.example.com';
const ada = { subject: 'user_ada', issuer, name: 'Ada', email: 'ada@example.com', pictureUrl: 'https://img/ada' };
const tokenIdentifier = `${issuer}|user_ada`;
const adasRow = {
  clerkId: 'user_ada',
  tokenIdentifier,
  name: 'Ada',
  email: 'ada@example.com',
  imageUrl: 'https://img/ada',
};

beforeEach(() => {
  vi.stubEnv('CLERK_JWT_ISSUER_DOMAIN', '');
  vi.stubEnv('CLERK_FRONTEND_API_URL', '');
});
afterEach(() => vi.unstubAllEnvs());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => (isStoreUserError(error) ? error.data.code : error),
  );

describe('storeUser', () => {
  it('makes one row for a user, however often and however many at once it is called', async () => {
    const app = createTestApp();
    const ids = await Promise.all(Array.from({ length: 20 }, () => app.store(ada)));
    expect(new Set(ids).size).toBe(1);
    expect(await app.rows('users')).toEqual([adasRow]);
  });

  it('writes nothing when nothing has changed', async () => {
    const outcomes: string[] = [];
    const log = (message: string) => void outcomes.push(message.split(' ').at(-1) ?? '');
    const app = createTestApp({ store: { logger: { info: log, warn: log } } });
    for (const name of ['Ada', 'Ada', 'Ada King']) await app.store({ ...ada, name });
    expect(outcomes.filter((outcome) => outcome !== 'attempting')).toEqual(['created', 'unchanged', 'updated']);

    const patch = vi.fn();
    const row = { ...adasRow, _id: 'users_1' };
    for (const name of [row.name, 'Ada King'])
      await writeUser({ patch } as never, 'users', row as never, { clerkId: row.clerkId, name });
    expect(patch.mock.calls).toEqual([['users_1', { name: 'Ada King' }]]);
    // A field of the app's own that is the same, and not the same object.
    await writeUser({ patch } as never, 'users', { ...row, tags: ['a'] } as never, { tags: ['a'] } as never);
    expect(patch).toHaveBeenCalledOnce();
  });

  it('keeps a claim that a later token does not have', async () => {
    const app = createTestApp();
    await app.store(ada);
    await app.store({ subject: 'user_ada', issuer });
    expect(await app.rows('users')).toEqual([adasRow]);
    await app.store({ subject: 'user_ada', issuer, name: 'Ada King' });
    expect(await app.rows('users')).toEqual([{ ...adasRow, name: 'Ada King' }]);
  });

  it("writes the app's own fields, and leaves one that is undefined", async () => {
    let plan: string | undefined = 'free';
    const app = createTestApp({ store: { fields: () => ({ plan }) as { plan?: string } } });
    await app.store(ada);
    plan = undefined;
    await app.store(ada);
    expect(await app.rows('users')).toEqual([{ ...adasRow, plan: 'free' }]);
    plan = 'paid';
    await app.store(ada);
    expect(await app.rows('users')).toEqual([{ ...adasRow, plan: 'paid' }]);
  });

  it('keeps its rows in a table of another name', async () => {
    const app = createTestApp({ store: { table: 'members' } });
    await app.store(ada);
    expect([await app.rows('users'), await app.rows('members')]).toEqual([[], [adasRow]]);
  });

  it('tells no identity from the wrong provider, as data that reaches a client', async () => {
    const app = createTestApp({ store: { issuer } });
    expect(await refusal(app.store(null))).toBe('NO_IDENTITY');
    expect(await refusal(app.store({ ...ada, issuer: 'https://other.example.com' }))).toBe('WRONG_PROVIDER');
    expect(await app.rows('users')).toEqual([]);
    await expect(app.store(null)).rejects.toMatchObject({
      data: {
        source: 'clerk-convex-resilience',
        code: 'NO_IDENTITY',
        message: expect.stringContaining('isAuthenticated'),
      },
    });
  });

  it.each([
    ['of the issuer in the environment', { CLERK_JWT_ISSUER_DOMAIN: issuer }, ada, null],
    ['of an issuer that is written without its scheme', { CLERK_FRONTEND_API_URL: 'clerk.example.com/' }, ada, null],
    [
      'of the issuer, whatever its subject looks like',
      { CLERK_JWT_ISSUER_DOMAIN: issuer },
      { ...ada, subject: '7' },
      null,
    ],
    ['of any issuer with an id of Clerk, when none is known', {}, ada, null],
    ['of another issuer', { CLERK_JWT_ISSUER_DOMAIN: 'https://b.example.com' }, ada, 'WRONG_PROVIDER'],
    ['whose subject is none of Clerk, when no issuer is known', {}, { ...ada, subject: 'auth0|7' }, 'WRONG_PROVIDER'],
  ])('judges an identity %s', async (_, env, identity, code) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(await refusal(createTestApp().store(identity))).toBe(code);
  });

  it('lets no other provider take over a row, and lets the instance move to another domain', async () => {
    const app = createTestApp();
    await app.store(ada);
    const moved = { ...ada, issuer: 'https://clerk.new.example.com' };
    expect(await refusal(app.store(moved))).toBe('WRONG_PROVIDER');
    expect(await app.rows('users')).toEqual([adasRow]);
    vi.stubEnv('CLERK_JWT_ISSUER_DOMAIN', moved.issuer);
    await app.store(moved);
    expect(await app.rows('users')).toEqual([{ ...adasRow, tokenIdentifier: `${moved.issuer}|user_ada` }]);
  });

  it('does not bring back a user whom Clerk has deleted', async () => {
    const app = createTestApp();
    const id = await app.store(ada);
    const deleted = { clerkId: 'user_ada', tokenIdentifier, deletedAt: 1 };
    await app.run(({ db }) => db.replace(id as never, deleted as never));
    expect(await refusal(app.store(ada))).toBe('USER_DELETED');
    expect(await app.rows('users')).toEqual([deleted]);
  });

  it('logs whether there is an identity and what came of it, and nothing about the person', async () => {
    const lines: unknown[][] = [];
    const log = (...line: unknown[]) => void lines.push(line);
    const app = createTestApp({ store: { logger: { info: log, warn: log } } });
    await app.store(ada);
    await app.store(ada);
    await refusal(app.store(null));
    expect(lines).toEqual([
      ['[clerk-convex-resilience] storeUser attempting', { hasIdentity: true }],
      ['[clerk-convex-resilience] storeUser created', { hasIdentity: true }],
      ['[clerk-convex-resilience] storeUser attempting', { hasIdentity: true }],
      ['[clerk-convex-resilience] storeUser unchanged', { hasIdentity: true }],
      ['[clerk-convex-resilience] storeUser attempting', { hasIdentity: false }],
      [expect.stringContaining('storeUser refused: There is no identity'), { hasIdentity: false, code: 'NO_IDENTITY' }],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/ada/i);
  });
});

describe('isStoreUserError', () => {
  it.each([
    [{ data: { source: 'clerk-convex-resilience', code: 'USER_DELETED', message: '' } }, true],
    [{ data: { source: 'clerk-convex-resilience', code: 'OTHER' } }, false],
    [{ data: { code: 'NO_IDENTITY' } }, false],
    [new Error('Not authenticated'), false],
    [{ data: null }, false],
    [null, false],
  ])('of %j is %s', (error, is) => {
    expect(isStoreUserError(error)).toBe(is);
  });
});
