import type { NextRequest } from 'next/server';
import type { Clock } from '../../core/clock.ts';
import { readHeader } from '../../core/jwt.ts';
import { within } from '../webhooks/within.ts';
import { askAddress } from './askAddress.ts';
import { sessionCookies } from './clerkNames.ts';
import { shareAnswer } from './shareAnswer.ts';

/** How long the keys are remembered, in milliseconds: a forged token must not have them fetched each time. */
const holdsForMs = 30_000;

/** How long it is remembered that there was no answer, in milliseconds. */
const failureHoldsForMs = 2_000;

/**
 * Has the Frontend API signed the session that a request brings? To be asked where Clerk has no key for it: then its keys are
 * those of another instance, and so is the secret key that they were asked for with. A token that is forged, or left from another
 * app on localhost, has a key that is not among the Frontend API's either.
 */
export function createIssuerCheck(
  clock: Clock,
  send: typeof fetch,
  /** When the question itself is given up, in milliseconds. */
  timeoutMs: number,
): (address: URL, request: Pick<NextRequest, 'headers' | 'cookies'>, withinMs: number) => Promise<boolean> {
  const idsAt = shareAnswer(
    clock,
    (href) => askAddress({ clock, send }, href, timeoutMs, readKeyIds).catch((): readonly unknown[] => []),
    ({ length }) => (length === 0 ? failureHoldsForMs : holdsForMs),
  );
  return async (address, request, withinMs) => {
    const mine = keyIdsIn(request);
    if (mine.length === 0) return false;
    const ids = await within(clock, withinMs, idsAt(address));
    // Which of several cookies Clerk has looked at is not known: all have to be of this instance.
    return ids !== 'late' && mine.every((id) => id !== undefined && ids.includes(id));
  };
}

async function readKeyIds(response: Response): Promise<readonly unknown[]> {
  const { keys } = (await response.json()) as { readonly keys?: unknown };
  return Array.isArray(keys) ? keys.map((key) => (key as { readonly kid?: unknown } | null)?.kid) : [];
}

/** The ids of the keys that a request's tokens say they are signed with: of its header, or of its cookies. */
function keyIdsIn(request: Pick<NextRequest, 'headers' | 'cookies'>): readonly unknown[] {
  const bearer = request.headers.get('authorization')?.replace(/^Bearer /, '');
  const inCookies = sessionCookies(request).flatMap(({ value }) => (value === '' ? [] : [value]));
  return (bearer === undefined ? inCookies : [bearer]).map((token) => readHeader(token)?.kid);
}
