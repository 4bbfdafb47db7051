import type { CallResult } from './bridge.ts';

/** How a call ends within a time; a call that has not answered by then counts as unanswered. */
export async function settleWithin(call: Promise<unknown>, timeoutMs: number): Promise<CallResult> {
  const late = new Promise<CallResult>((resolve) => setTimeout(resolve, timeoutMs, 'no_answer'));
  const answer = call.then(
    (): CallResult => 'ok',
    (error: unknown): CallResult => (String(error).includes('Not authenticated') ? 'not_authenticated' : 'failed'),
  );
  return Promise.race([answer, late]);
}
