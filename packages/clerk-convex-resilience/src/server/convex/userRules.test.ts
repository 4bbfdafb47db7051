import type { UserIdentity } from 'convex/server';
import { describe, expect, it } from 'vitest';
import { type ClerkUser, userRules } from './userRules.ts';
import type { UserFields } from './usersTable.ts';

const noon = Date.parse('2026-01-01T12:00:00.000Z');
const at = (seconds: number): string => new Date(noon + seconds * 1_000).toISOString();
const own = { issuer: 'https://clerk.example.com', tokenIdentifier: 'https://clerk.example.com|user_1' };
const identity = (claims: object): UserIdentity => ({ subject: 'user_1', ...own, ...claims });
const row = (fields: Partial<UserFields>): UserFields => ({ clerkId: 'user_1', name: 'Row', ...fields });
const whole = { name: 'Token', email: 't@example.com', pictureUrl: 'https://img/t' };

describe('a login writes', () => {
  const who = { clerkId: 'user_1', tokenIdentifier: own.tokenIdentifier };
  const profile = { name: 'Token', email: 't@example.com', imageUrl: 'https://img/t' };
  it.each<[string, UserFields | null, object, object]>([
    ['who it is, when the token tells no more', null, {}, who],
    ['the profile of its claims', null, whole, { ...who, ...profile }],
    ['with its time, when it tells one', null, { ...whole, updatedAt: at(0) }, { ...who, ...profile, updatedAt: noon }],
    [
      'the claims of a provider of the type customJwt',
      null,
      { name: 'Token', email: 't@example.com', picture: 'https://img/t', updated_at: noon / 1_000 },
      { ...who, ...profile, updatedAt: noon },
    ],
    ['nothing for a claim that is empty, null or no text', row({}), { name: '', email: null, picture: 7 }, who],
    ['a claim into a row whose time is unknown', row({}), { name: 'Token' }, { ...who, name: 'Token' }],
    ['no claims over a profile whose time is known, without a time of its own', row({ updatedAt: noon }), whole, who],
    ['no claims of a time before that of the row', row({ updatedAt: noon }), { ...whole, updatedAt: at(-1) }, who],
    // The token may be of up to a second later than it says, and is never of earlier.
    [
      'no claims of the same second that may be older',
      row({ updatedAt: noon + 1 }),
      { ...whole, updatedAt: at(0) },
      who,
    ],
    [
      'the claims of the same time',
      row({ updatedAt: noon }),
      { ...whole, updatedAt: at(0) },
      { ...who, ...profile, updatedAt: noon },
    ],
    [
      'the claims of a later time',
      row({ updatedAt: noon }),
      { ...whole, updatedAt: at(1) },
      { ...who, ...profile, updatedAt: noon + 1_000 },
    ],
    [
      'a part of the profile without its time, so that a webhook may still bring the rest',
      row({ updatedAt: noon }),
      { name: 'Token', updatedAt: at(1) },
      { ...who, name: 'Token' },
    ],
    ['no time that is none', null, { ...whole, updatedAt: 'soon' }, { ...who, ...profile }],
    // clerk-js makes up a user of this time when it boots without its server.
    ['nothing of a stub', row({ updatedAt: noon }), { ...whole, updatedAt: '1' }, who],
  ])('%s', (_, before, claims, change) => {
    expect(userRules.login(before, identity(claims))).toEqual(change);
  });
});

describe('an event writes', () => {
  const user = (fields: object = {}): ClerkUser =>
    ({
      id: 'user_1',
      first_name: 'Ada',
      last_name: 'Lovelace',
      image_url: 'https://img/a',
      primary_email_address_id: 'idn_2',
      email_addresses: [
        { id: 'idn_1', email_address: 'old@example.com' },
        { id: 'idn_2', email_address: 'ada@example.com' },
      ],
      ...fields,
    }) as unknown as ClerkUser;
  const profile = { clerkId: 'user_1', name: 'Ada Lovelace', email: 'ada@example.com', imageUrl: 'https://img/a' };

  it.each<[string, UserFields | null, ClerkUser, object | null]>([
    ['the whole profile, with the primary address', null, user(), { ...profile, updatedAt: noon }],
    [
      'what a user has no more as undefined, which takes it away',
      row({}),
      user({ first_name: null, last_name: null, primary_email_address_id: null, image_url: null }),
      { clerkId: 'user_1', name: undefined, email: undefined, imageUrl: undefined, updatedAt: noon },
    ],
    ['nothing over a newer profile', row({ updatedAt: noon + 1 }), user(), null],
    ['over one of the same time', row({ updatedAt: noon }), user(), { ...profile, updatedAt: noon }],
    [
      'and leaves the identity that a login has brought',
      row({ tokenIdentifier: 'https://other|user_1' }),
      user(),
      { ...profile, tokenIdentifier: 'https://other|user_1', updatedAt: noon },
    ],
  ])('%s', (_, before, event, change) => {
    expect(userRules.profile(before, event, noon, undefined)).toStrictEqual(change);
  });

  it('the identity that a login will have, where the issuer is known', () => {
    expect(userRules.profile(null, user(), noon, own.issuer)).toMatchObject({ tokenIdentifier: own.tokenIdentifier });
  });

  it('of a deletion its time, and takes the person away', () => {
    expect(
      userRules.deletion(row({ updatedAt: noon, email: 'a@example.com' }), 'user_1', noon, own.issuer),
    ).toStrictEqual({
      clerkId: 'user_1',
      tokenIdentifier: own.tokenIdentifier,
      email: undefined,
      name: undefined,
      imageUrl: undefined,
      updatedAt: undefined,
      deletedAt: noon,
    });
  });
});
