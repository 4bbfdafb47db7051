import { classifyAuthError } from '../../core/classify.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuthFailure } from '../../core/failure.ts';
import { httpFailure } from '../../core/httpFailure.ts';

/** What came of asking the Frontend API whether it is there. */
export type HandshakeCheck =
  | { readonly failure: null; readonly clockAheadMs: number | undefined }
  | { readonly failure: AuthFailure; readonly clockAheadMs?: undefined };

/** How long a good word holds, and a bad one, in milliseconds: an outage is noticed soon enough, and its end at once. */
const holdsForMs = { good: 30_000, bad: 2_000 };

/**
 * Asks the Frontend API for its settings before a browser is sent there: whom it does not answer, the browser would show an
 * error page of its own, without a way back. Any answer below 500 is good. One question at a time, remembered for a while.
 */
export function createHandshakeCheck(
  clock: Clock,
  send: typeof fetch,
): (settings: URL, timeoutMs: number) => Promise<HandshakeCheck> {
  let asked: { readonly href: string; readonly word: Promise<HandshakeCheck>; until: number } | undefined;
  return (settings, timeoutMs) => {
    if (asked?.href === settings.href && clock.now() < asked.until) return asked.word;
    const word = ask(clock, send, settings, timeoutMs);
    const mine = { href: settings.href, word, until: Infinity };
    asked = mine;
    void word.then(({ failure }) => {
      mine.until = clock.now() + (failure ? holdsForMs.bad : holdsForMs.good);
    });
    return word;
  };
}

async function ask(clock: Clock, send: typeof fetch, settings: URL, timeoutMs: number): Promise<HandshakeCheck> {
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
      send(settings.href, { signal: controller.signal, cache: 'no-store', redirect: 'manual' }),
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
