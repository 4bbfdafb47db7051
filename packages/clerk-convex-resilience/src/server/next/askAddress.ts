import type { Clock } from '../../core/clock.ts';

/**
 * Asks an address, and reads what it answers, within a time; then the request is ended too. Follows no redirect. Rejects with a
 * `TimeoutError` where it took longer, whatever `send` makes of the end.
 */
export async function askAddress<Read>(
  { clock, send }: { readonly clock: Clock; readonly send: typeof fetch },
  href: string,
  timeoutMs: number,
  read: (response: Response) => Read | Promise<Read>,
): Promise<Read> {
  const controller = new AbortController();
  const undo = clock.setTimer(
    () => controller.abort(new DOMException(`No answer within ${timeoutMs} ms.`, 'TimeoutError')),
    timeoutMs,
  );
  const { signal } = controller;
  try {
    const cut = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return await Promise.race([send(href, { signal, cache: 'no-store', redirect: 'manual' }).then(read), cut]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    undo();
  }
}
