import { classifyAuthError } from '../../core/classify.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuthFailure } from '../../core/failure.ts';
import { httpFailure } from '../../core/httpFailure.ts';
import { within } from '../webhooks/within.ts';

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
 * who ask meanwhile, and its answer remembered for a while; but each is answered within the time that it gives.
 */
export function createClerkCheck(
  clock: Clock,
  send: typeof fetch,
  /** When the question itself is given up, in milliseconds. */
  timeoutMs: number,
): (address: URL, withinMs: number) => Promise<ClerkWord> {
  let asked: { readonly href: string; readonly word: Promise<ClerkWord>; until: number } | undefined;
  const wordOf = ({ href }: URL): Promise<ClerkWord> => {
    if (asked?.href === href && clock.now() < asked.until) return asked.word;
    const word = ask(clock, send, href, timeoutMs);
    const mine = { href, word, until: Infinity };
    asked = mine;
    void word.then(() => {
      // Nor longer than the question took at most: a good word from before Clerk began to hang would be wrong.
      mine.until = clock.now() + Math.min(holdsForMs, timeoutMs);
    });
    return word;
  };
  return async (address, withinMs) => {
    const word = await within(clock, withinMs, wordOf(address));
    return word === 'late' ? { failure: { kind: 'timeout', retryable: true, source: 'clerk' } } : word;
  };
}

async function ask(clock: Clock, send: typeof fetch, href: string, timeoutMs: number): Promise<ClerkWord> {
  const controller = new AbortController();
  const undo = clock.setTimer(
    () => controller.abort(new DOMException(`No answer within ${timeoutMs} ms.`, 'TimeoutError')),
    timeoutMs,
  );
  try {
    const cut = new Promise<never>((_, reject) =>
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason)),
    );
    const response = await Promise.race([
      send(href, { signal: controller.signal, cache: 'no-store', redirect: 'manual' }),
      cut,
    ]);
    response.body?.cancel().catch(() => {});
    if (response.status >= 500) {
      return { failure: httpFailure('server', response, clock.now(), { source: 'clerk' }) };
    }
    const date = Date.parse(response.headers.get('date') ?? '');
    return { failure: null, clockAheadMs: Number.isNaN(date) ? undefined : clock.now() - date };
  } catch (error) {
    const { cause, ...failure } = classifyAuthError(controller.signal.aborted ? controller.signal.reason : error);
    // Whatever a fetch has thrown, it was not answered.
    return { failure: failure.kind === 'unknown' ? { ...failure, kind: 'network' } : failure };
  } finally {
    undo();
  }
}
