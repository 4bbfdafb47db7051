import { classifyAuthError } from '../../core/classify.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuthFailure } from '../../core/failure.ts';
import { httpFailure } from '../../core/httpFailure.ts';
import { within } from '../webhooks/within.ts';
import { askAddress } from './askAddress.ts';
import { shareAnswer } from './shareAnswer.ts';

/** What came of asking Clerk whether it is there. */
export type ClerkWord =
  | { readonly failure: null; readonly clockAheadMs: number | undefined }
  | { readonly failure: AuthFailure; readonly clockAheadMs?: undefined };

/**
 * How long a word holds, in milliseconds: so soon the beginning and the end of an outage are noticed. Whoever is asked to sign in
 * by a word that is too old loses more than a busy server does that asks this often.
 */
const holdsForMs = 2_000;

/**
 * Asks one of Clerk's addresses whether anybody is there. Any answer below 500 is good. One question at a time, shared by all
 * who ask meanwhile, and its answer remembered for a while; but each is answered within the time that it gives. `since`: for
 * whom a good word from before that moment is too old.
 */
export function createClerkCheck(
  clock: Clock,
  send: typeof fetch,
  /** When the question itself is given up, in milliseconds. */
  timeoutMs: number,
): (address: URL, withinMs: number, since?: number) => Promise<ClerkWord> {
  const wordOf = shareAnswer(
    clock,
    (href) => ask(clock, send, href, timeoutMs),
    // Nor longer than the question took at most: a good word from before Clerk began to hang would be wrong.
    () => Math.min(holdsForMs, timeoutMs),
    ({ failure }) => failure !== null,
  );
  return async (address, withinMs, since) => {
    const word = await within(clock, withinMs, wordOf(address, since));
    return word === 'late' ? { failure: { kind: 'timeout', retryable: true, source: 'clerk' } } : word;
  };
}

async function ask(clock: Clock, send: typeof fetch, href: string, timeoutMs: number): Promise<ClerkWord> {
  try {
    return await askAddress({ clock, send }, href, timeoutMs, (response): ClerkWord => {
      response.body?.cancel().catch(() => {});
      if (response.status >= 500) {
        return { failure: httpFailure('server', response, clock.now(), { source: 'clerk' }) };
      }
      const date = Date.parse(response.headers.get('date') ?? '');
      return { failure: null, clockAheadMs: Number.isNaN(date) ? undefined : clock.now() - date };
    });
  } catch (error) {
    const { cause, ...failure } = classifyAuthError(error);
    // Whatever a fetch has thrown, it was not answered.
    return { failure: failure.kind === 'unknown' ? { ...failure, kind: 'network' } : failure };
  }
}
