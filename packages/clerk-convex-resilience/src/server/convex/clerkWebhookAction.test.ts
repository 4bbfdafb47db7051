import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventBody, type TestDelivery } from '../webhooks/testDelivery.ts';
import { clerkWebhookAction } from './clerkWebhookAction.ts';
import { createTestApp } from './testApp.ts';

const noon = Date.now() - 60_000;
const issuer = 'https://clerk.example.com';
let sent = 0;
const delivery = (type: string, data: object, timestamp = noon, id = `msg_${++sent}`): TestDelivery => ({
  id,
  at: Date.now(),
  body: eventBody(type, data, timestamp),
});
const user = (fields: object = {}) => ({
  id: 'user_ada',
  first_name: 'Ada',
  last_name: 'Lovelace',
  image_url: 'https://img/ada',
  primary_email_address_id: 'idn_1',
  email_addresses: [{ id: 'idn_1', email_address: 'ada@example.com' }],
  updated_at: noon,
  ...fields,
});
const row = { clerkId: 'user_ada', name: 'Ada Lovelace', email: 'ada@example.com', imageUrl: 'https://img/ada' };
const session = (status: string, updated_at: number) => ({
  id: 'sess_1',
  user_id: 'user_ada',
  status,
  created_at: noon,
  last_active_at: noon + 5,
  updated_at,
});
const handled = [200, 'handled'];

beforeEach(() => {
  vi.stubEnv('CLERK_JWT_ISSUER_DOMAIN', '');
  vi.stubEnv('CLERK_FRONTEND_API_URL', '');
});
afterEach(() => vi.unstubAllEnvs());

describe('users', () => {
  it('come into the table, are kept up to date, and leave a row without a person', async () => {
    const app = createTestApp();
    expect(await app.deliver(delivery('user.created', user()))).toEqual(handled);
    expect(await app.rows('users')).toEqual([{ ...row, updatedAt: noon }]);
    const changed = user({ last_name: null, email_addresses: [], updated_at: noon + 1 });
    expect(await app.deliver(delivery('user.updated', changed, noon + 1))).toEqual(handled);
    const { clerkId, imageUrl } = row;
    expect(await app.rows('users')).toEqual([{ clerkId, imageUrl, name: 'Ada', updatedAt: noon + 1 }]);
    expect(await app.deliver(delivery('user.deleted', { id: 'user_ada', deleted: true }, noon + 2))).toEqual(handled);
    expect(await app.rows('users')).toEqual([{ clerkId, deletedAt: noon + 2 }]);
  });

  it('who are deleted before they were known stay so, for events and for a login', async () => {
    const app = createTestApp();
    await app.deliver(delivery('user.deleted', { id: 'user_ada', deleted: true }, noon));
    expect(await app.deliver(delivery('user.created', user({ updated_at: noon + 9 }), noon + 9))).toEqual([
      200,
      'outdated',
    ]);
    await expect(app.store({ subject: 'user_ada', issuer })).rejects.toMatchObject({ data: { code: 'USER_DELETED' } });
    expect(await app.rows('users')).toEqual([{ clerkId: 'user_ada', deletedAt: noon }]);
  });

  it.each([
    ['before the first login', true],
    ['after it', false],
  ])('are one row when the webhook comes %s', async (_, webhookFirst) => {
    const app = createTestApp();
    const steps = [
      () => app.deliver(delivery('user.created', user())),
      () => app.store({ subject: 'user_ada', issuer, name: 'Ada', email: 'ada@example.com' }),
    ];
    for (const step of webhookFirst ? steps : steps.reverse()) await step();
    expect(await app.rows('users')).toEqual([{ ...row, tokenIdentifier: `${issuer}|user_ada`, updatedAt: noon }]);
  });

  it('are one row when webhooks and logins come in the same instant', async () => {
    const app = createTestApp();
    const both = [1, 2, 3, 4, 5].flatMap((n) => [
      app.deliver(delivery('user.updated', user({ updated_at: noon + n }), noon + n)),
      app.store({ subject: 'user_ada', issuer }),
    ]);
    await Promise.all(both);
    expect(await app.rows('users')).toEqual([{ ...row, tokenIdentifier: `${issuer}|user_ada`, updatedAt: noon + 5 }]);
  });

  it('who have signed in with a newer profile keep it', async () => {
    const app = createTestApp();
    const later = { name: 'Ada King', email: 'king@example.com', pictureUrl: 'https://img/king' };
    const updatedAt = new Date(noon + 60_000).toISOString();
    await app.store({ subject: 'user_ada', issuer, ...later, updatedAt } as never);
    expect(await app.deliver(delivery('user.updated', user()))).toEqual(handled);
    expect(await app.rows('users')).toMatchObject([{ name: 'Ada King', email: 'king@example.com' }]);
  });

  it("have the app's own fields, in a table of another name, with the identity that a login will have", async () => {
    const app = createTestApp({
      functions: {
        issuer,
        fields: ({ public_metadata }) => ({ plan: public_metadata.plan }) as { plan?: string },
      },
    });
    await app.deliver(delivery('user.created', user({ public_metadata: { plan: 'paid' } })));
    const stored = { ...row, tokenIdentifier: `${issuer}|user_ada`, updatedAt: noon };
    expect(await app.rows('users')).toEqual([{ ...stored, plan: 'paid' }]);
    await app.deliver(delivery('user.updated', user({ public_metadata: {} }), noon + 1));
    expect(await app.rows('users')).toEqual([stored]);

    const members = createTestApp({ functions: { table: 'members' } });
    await members.deliver(delivery('user.created', user()));
    expect([await members.rows('users'), await members.rows('members')]).toEqual([[], [{ ...row, updatedAt: noon }]]);
  });

  it('may have metadata with keys that Convex takes in no value', async () => {
    const app = createTestApp();
    const strange = user({ unsafe_metadata: { $plan: 1, _id: 2, Größe: 3 } });
    expect(await app.deliver(delivery('user.created', strange))).toEqual(handled);
    expect(await app.rows('users')).toHaveLength(1);
  });

  it('whom the app itself has marked as deleted are left alone', async () => {
    const app = createTestApp();
    const deleted = { clerkId: 'user_ada', deletedAt: 1 };
    await app.run(({ db }) => db.insert('users', deleted));
    await app.deliver(delivery('user.updated', user()));
    expect(await app.rows('users')).toEqual([deleted]);
  });

  it('whom the app itself has marked as deleted lose the person’s data when Clerk deletes them', async () => {
    const app = createTestApp();
    const person = { clerkId: 'user_ada', email: 'ada@example.com', name: 'Ada', deletedAt: 1 };
    await app.run(({ db }) => db.insert('users', person));
    await app.deliver(delivery('user.deleted', { id: 'user_ada', deleted: true }, noon));
    expect(await app.rows('users')).toEqual([{ clerkId: 'user_ada', deletedAt: 1 }]);
  });

  it('are not undone by an event that was held up after its turn had come', async () => {
    const app = createTestApp();
    await app.deliver(delivery('user.updated', user({ first_name: 'New', updated_at: noon + 1 }), noon + 1));
    // As when the lease of an older event has ended while its server was away: it still runs, and asks no more.
    await app.apply(delivery('user.updated', user({ updated_at: noon + 1 }), noon));
    expect(await app.rows('users')).toMatchObject([{ name: 'New Lovelace' }]);
    // Nor where the newer one has written, and was not finished.
    await app.apply(delivery('user.updated', user({ first_name: 'Newer', updated_at: noon + 1 }), noon + 9));
    await app.apply(delivery('user.updated', user({ first_name: 'Between', updated_at: noon + 1 }), noon + 5));
    expect(await app.rows('users')).toMatchObject([{ name: 'Newer Lovelace' }]);
  });
});

describe('sessions', () => {
  it('that have ended stay so when an event of before is resent after all that told of its age has gone', async () => {
    const app = createTestApp();
    await app.deliver(delivery('session.created', session('active', noon)));
    await app.deliver(delivery('session.ended', session('ended', noon + 10), noon + 10));
    const ended = await app.rows('clerkSessions');
    const forget = () =>
      app.run(async ({ db }) => {
        for (const table of ['clerkWebhookObjects', 'clerkWebhookDeliveries'] as const)
          for (const { _id } of await db.query(table).collect()) await db.delete(_id);
      });
    await forget();
    await app.deliver(delivery('session.created', session('active', noon)));
    expect(await app.rows('clerkSessions')).toEqual(ended);
    // Whatever its time says: no session begins again.
    await forget();
    await app.deliver(delivery('session.created', session('active', noon + 20)));
    expect(await app.rows('clerkSessions')).toEqual(ended);
    // Of two ends the later one stays.
    await forget();
    await app.deliver(delivery('session.removed', session('removed', noon + 5), noon + 5));
    expect(await app.rows('clerkSessions')).toEqual(ended);
  });

  it('are recorded with their end, which a late beginning does not undo', async () => {
    const app = createTestApp();
    await app.deliver(delivery('session.created', session('active', noon)));
    const recorded = { sessionId: 'sess_1', clerkId: 'user_ada', createdAt: noon, lastActiveAt: noon + 5 };
    expect(await app.rows('clerkSessions')).toEqual([{ ...recorded, status: 'active', updatedAt: noon }]);
    await app.deliver(delivery('session.ended', session('ended', noon + 10), noon + 10));
    const ended = { ...recorded, status: 'ended', updatedAt: noon + 10, endedAt: noon + 10 };
    expect(await app.rows('clerkSessions')).toEqual([ended]);
    expect(await app.deliver(delivery('session.pending', session('pending', noon + 1), noon + 1))).toEqual([
      200,
      'outdated',
    ]);
    expect(await app.rows('clerkSessions')).toEqual([ended]);
  });
});

describe('deliveries', () => {
  it('of one event have one effect, fifty at once', async () => {
    let runs = 0;
    const app = createTestApp({ action: { on: () => ({ 'user.created': () => void runs++ }) } });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => app.deliver(delivery('user.created', user(), noon, 'msg_same'))),
    );
    expect(runs).toBe(1);
    expect(answers.filter(([, code]) => code === 'handled')).toHaveLength(1);
    expect(answers.every(([status]) => status === 200)).toBe(true);
    expect(await app.rows('clerkWebhookDeliveries')).toMatchObject([
      { deliveryId: 'msg_same', state: { status: 'handled' } },
    ]);
  });

  it('that are old are dropped by the next ones, and what makes a deletion final stays', async () => {
    const app = createTestApp();
    const old = Date.now() - 1;
    const fields = { applied: null, claim: null };
    await app.run(async ({ db }) => {
      for (const deliveryId of ['a', 'b', 'c'])
        await db.insert('clerkWebhookDeliveries', { deliveryId, state: { status: 'handled' }, expiresAt: old });
      await db.insert('clerkWebhookObjects', { object: 'session:old', ...fields, expiresAt: old });
      await db.insert('clerkWebhookObjects', { object: 'user:old', ...fields });
    });
    // Not in each: a fifth of them, by chance.
    const ids = async () => (await app.rows('clerkWebhookDeliveries')).map(({ deliveryId }) => deliveryId);
    for (let n = 1; (await ids()).includes('a'); n++) {
      expect(n).toBeLessThan(100);
      await app.deliver(delivery('session.created', { ...session('active', noon), id: `sess_${n}` }));
    }
    expect(await ids()).not.toEqual(expect.arrayContaining(['b']));
    const objects = (await app.rows('clerkWebhookObjects')).map(({ object }) => object);
    expect(objects).toContain('user:old');
    expect(objects).not.toContain('session:old');
  });

  it('that name no object are not taken for handled', async () => {
    const app = createTestApp();
    const nameless = { ...user(), id: undefined };
    expect(await app.deliver(delivery('user.created', nameless))).toEqual([500, 'handler_failed']);
    expect(await app.rows('users')).toEqual([]);
  });

  it('that are forged touch nothing', async () => {
    const app = createTestApp();
    expect(await app.deliver({ ...delivery('user.created', user()), secret: 'whsec_AAAA' })).toEqual([
      400,
      'bad_signature',
    ]);
    expect([await app.rows('users'), await app.rows('clerkWebhookDeliveries')]).toEqual([[], []]);
  });
});

describe("the app's own handlers", () => {
  it('run after the row is there, with ctx, also for events that have no table', async () => {
    const seen: unknown[] = [];
    const app = createTestApp({
      action: {
        on: (ctx) => ({
          'user.created': async ({ data }, { version }) => {
            seen.push([
              'user.created',
              data.id,
              version?.object,
              typeof ctx.runMutation,
              (await app.rows('users')).length,
            ]);
          },
          '*': ({ type }) => void seen.push(type),
        }),
      },
    });
    await app.deliver(delivery('user.created', user()));
    await app.deliver(delivery('session.created', session('active', noon)));
    await app.deliver(delivery('organization.created', { id: 'org_1', updated_at: noon }));
    expect(seen).toEqual([
      ['user.created', 'user_ada', 'user:user_ada', 'function', 1],
      'session.created',
      'organization.created',
    ]);
  });

  it('are not asked for when there is none for an event that has no table', async () => {
    const app = createTestApp();
    expect(await app.deliver(delivery('email.created', { id: 'ema_1' }))).toEqual([200, 'ignored']);
    expect(await app.rows('clerkWebhookDeliveries')).toEqual([]);
  });

  it('are tried again when they have thrown, and the row is there meanwhile', async () => {
    let fails = true;
    const errors: unknown[] = [];
    const app = createTestApp({
      action: {
        onError: ({ error }) => void errors.push(error),
        on: () => ({
          'user.created': () => {
            if (fails) throw new Error('mail is down');
          },
        }),
      },
    });
    expect(await app.deliver(delivery('user.created', user(), noon, 'msg_again'))).toEqual([500, 'handler_failed']);
    expect(errors).toMatchObject([{ message: 'mail is down' }]);
    expect(await app.rows('users')).toHaveLength(1);
    fails = false;
    expect(await app.deliver(delivery('user.created', user(), noon, 'msg_again'))).toEqual(handled);
    expect(await app.deliver(delivery('user.created', user(), noon, 'msg_again'))).toEqual([200, 'duplicate']);
  });

  it('have onOutdated for what must happen for every event', async () => {
    const welcomed: unknown[] = [];
    const app = createTestApp({
      action: {
        onOutdated:
          () =>
          ({ type }) =>
            void welcomed.push(type),
      },
    });
    await app.deliver(delivery('user.updated', user({ updated_at: noon + 1 }), noon + 1));
    expect(await app.deliver(delivery('user.created', user()))).toEqual([200, 'outdated']);
    expect(welcomed).toEqual(['user.created']);
  });
});

it('says at the push that a secret is malformed', () => {
  expect(() => clerkWebhookAction({} as never, { secrets: 'whsec_?' })).toThrow(/whsec_ and base64/);
});
