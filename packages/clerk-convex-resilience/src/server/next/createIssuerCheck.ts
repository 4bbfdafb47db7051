import type { NextRequest } from 'next/server';
import type { Clock } from '../../core/clock.ts';
import { readHeader } from '../../core/jwt.ts';
import { within } from '../webhooks/within.ts';

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
): (address: URL, request: Pick<NextRequest, 'headers' | 'cookies'>, withinMs: number) => Promise<boolean> {
  let asked: { readonly href: string; readonly ids: Promise<readonly unknown[]>; until: number } | undefined;
  const idsAt = ({ href }: URL, withinMs: number): Promise<readonly unknown[]> => {
    if (asked?.href === href && clock.now() < asked.until) return asked.ids;
    const ids = loadKeyIds(clock, send, href, withinMs);
    const mine = { href, ids, until: clock.now() + holdsForMs };
    asked = mine;
    void ids.then(({ length }) => {
      if (length === 0) mine.until = clock.now() + failureHoldsForMs;
    });
    return ids;
  };
  return async (address, request, withinMs) => {
    const mine = keyIdsIn(request);
    if (mine.length === 0) return false;
    const ids = await within(clock, withinMs, idsAt(address, withinMs));
    // Which of several cookies Clerk has looked at is not known: all have to be of this instance.
    return ids !== 'late' && mine.every((id) => id !== undefined && ids.includes(id));
  };
}

async function loadKeyIds(
  clock: Clock,
  send: typeof fetch,
  href: string,
  timeoutMs: number,
): Promise<readonly unknown[]> {
  const controller = new AbortController();
  const undo = clock.setTimer(() => controller.abort(), timeoutMs);
  try {
    const response = await send(href, { cache: 'no-store', redirect: 'manual', signal: controller.signal });
    const { keys } = (await response.json()) as { readonly keys?: unknown };
    return Array.isArray(keys) ? keys.map((key) => (key as { readonly kid?: unknown } | null)?.kid) : [];
  } catch {
    return [];
  } finally {
    undo();
  }
}

/** The ids of the keys that a request's tokens say they are signed with: of its header, or of its cookies. */
function keyIdsIn({ headers, cookies }: Pick<NextRequest, 'headers' | 'cookies'>): readonly unknown[] {
  const bearer = headers.get('authorization')?.replace(/^Bearer /, '');
  const sessions = cookies.getAll().filter(({ name, value }) => /^__session(?:_[\w-]+)?$/.test(name) && value !== '');
  return (bearer === undefined ? sessions.map(({ value }) => value) : [bearer]).map((token) => readHeader(token)?.kid);
}
