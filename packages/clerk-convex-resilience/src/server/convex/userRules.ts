import type { UserIdentity } from 'convex/server';
import type { ClerkWebhookEvent } from '../webhooks/events.ts';
import type { UserFields } from './usersTable.ts';

/** Clerk's `UserJSON`. */
export type ClerkUser = ClerkWebhookEvent<'user.created'>['data'];

/** What is to be written over a row. A field that is there and undefined is taken away. */
export type UserChange = { [Field in keyof UserFields]?: UserFields[Field] | undefined } & { clerkId: string };

/**
 * What a source may write into the row of a user, as pure functions. `updatedAt` of the row is the time of its profile; what is
 * older leaves the profile alone. A row with `deletedAt` is given to none of these.
 */
export const userRules = {
  /**
   * A login. A claim that is missing takes nothing away. A token without `updated_at` may be older than a profile whose
   * time is known, and leaves it alone.
   */
  login(row: UserFields | null, identity: UserIdentity): UserChange {
    const { email, name, pictureUrl, picture, updatedAt, updated_at } = identity;
    // Claims of a provider of the type `customJwt` keep their own names.
    const profile = given({ email, name, imageUrl: pictureUrl ?? picture });
    const at = timeOf(updatedAt ?? updated_at);
    const known = row?.updatedAt;
    // In the token the time is in whole seconds, rounded down: one that is not behind the row's is not older.
    const isNewest = known === undefined || (at !== undefined && at >= known);
    // With only a part of the profile it would hold back a webhook that brings the rest.
    const isWhole = Object.keys(profile).length === 3;
    return {
      clerkId: identity.subject,
      tokenIdentifier: identity.tokenIdentifier,
      ...(isNewest && profile),
      ...(isNewest && isWhole && at !== undefined && { updatedAt: at }),
    };
  },

  /** `user.created` and `user.updated`: the whole profile. Null when the row has a newer one. */
  profile(row: UserFields | null, user: ClerkUser, at: number, issuer: string | undefined): UserChange | null {
    if (row?.updatedAt !== undefined && at < row.updatedAt) return null;
    const { email, name, imageUrl } = given({
      email: user.email_addresses?.find(({ id }) => id === user.primary_email_address_id)?.email_address,
      name: [user.first_name, user.last_name].filter(Boolean).join(' '),
      imageUrl: user.image_url,
    });
    return { ...identified(row, user.id, issuer), email, name, imageUrl, updatedAt: at };
  },

  /** `user.deleted`: what was known of the person goes, so that it ends the same whether the deletion came last or first. */
  deletion(row: UserFields | null, clerkId: string, at: number, issuer: string | undefined): UserChange {
    const nothing = { email: undefined, name: undefined, imageUrl: undefined, updatedAt: undefined };
    return { ...identified(row, clerkId, issuer), ...nothing, deletedAt: at };
  },
};

const identified = (row: UserFields | null, clerkId: string, issuer: string | undefined): UserChange => {
  const tokenIdentifier = row?.tokenIdentifier ?? (issuer === undefined ? undefined : `${issuer}|${clerkId}`);
  return { clerkId, ...(tokenIdentifier !== undefined && { tokenIdentifier }) };
};

/** Those that are texts with something in them: templates and events say null or '' for what a user does not have. */
const given = <Name extends string>(texts: Record<Name, unknown>): { [Each in Name]?: string } =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => typeof text === 'string' && text !== '')) as {
    [Each in Name]?: string;
  };

/** `updated_at` of a token, which Convex passes on as an ISO date (crates/keybroker/src/broker.rs), in milliseconds. */
function timeOf(claim: unknown): number | undefined {
  const isNumber = typeof claim === 'number' || /^\d+$/.test(`${claim}`);
  // Seconds until the year 5138.
  const time = isNumber ? Number(claim) * (Number(claim) < 1e11 ? 1_000 : 1) : Date.parse(`${claim}`);
  return Number.isFinite(time) ? time : undefined;
}
