import type { AuthFailure } from '../core/failure.ts';
import { askConvex, type TryTokenOptions, tryToken } from './tryToken.ts';

/** How much longer than a question of nobody's one with a token may take, in milliseconds. */
const overdueMs = 2_000;

/** Convex answers, and nothing about the token: it waits for the identity provider, of which it says nothing before that. */
export const unanswered = 'unanswered';

/**
 * Why Convex says nothing of a token that it was given over a socket that is open: null where that cannot be told. Asks it as
 * the user and as nobody side by side. Loaded when there is such a silence.
 */
export async function askWhySilent(
  options: TryTokenOptions,
  token: string,
  signal: AbortSignal,
): Promise<AuthFailure | null> {
  const asking = new AbortController();
  const end = (): void => asking.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const overdue = async (): Promise<AuthFailure | null> => {
    await askConvex(options, undefined, asking.signal);
    await options.clock.sleep(overdueMs, asking.signal);
    return asking.signal.aborted ? null : { kind: 'server', retryable: true, source: 'convex', code: unanswered };
  };
  try {
    const answer = tryToken(options, token, asking.signal);
    // A deployment that cannot be reached says nothing of its identity provider.
    return await Promise.race([answer, overdue().catch(() => answer)]);
  } finally {
    end();
    signal.removeEventListener('abort', end);
  }
}
