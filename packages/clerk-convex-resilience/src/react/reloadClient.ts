import { isSignedInStatus } from '../core/clerkAnswers.ts';
import type { ClerkLike } from './clerkTypes.ts';

/**
 * Asks Clerk's server which sessions this browser has. Rejects when it did not answer: offline, clerk-js 5 resolves such a
 * request with nothing and leaves the client as it was, an empty one after a load in an outage (BaseResource._fetch and
 * Client.fromJSON, which makes a new list of each answer, 5.128.0 and 6.40.0).
 */
export async function reloadClient(clerk: () => ClerkLike | undefined): Promise<readonly string[]> {
  const client = clerk()?.client;
  const before = client?.sessions;
  await client?.reload?.();
  const sessions = clerk()?.client?.sessions;
  if (!sessions || sessions === before) throw new Error('Clerk did not answer');
  return signedInSessions(clerk());
}

/** The sessions of this browser that last, as far as Clerk's object knows. */
export const signedInSessions = (clerk: ClerkLike | undefined): readonly string[] =>
  clerk?.client?.sessions?.filter(({ status }) => isSignedInStatus(status)).map(({ id }) => id) ?? [];
