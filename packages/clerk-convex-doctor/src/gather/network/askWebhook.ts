import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import { type Answer, ask, isFault } from './ask.ts';
import type { Fault } from './faultOf.ts';
import { hostAnswer } from './hostAnswer.ts';
import { isObject, jsonOf } from './json.ts';

export interface WebhookAnswer {
  readonly answer: HostAnswer & { readonly url: string };
  /** What a GET was answered: 405 is healthy for a route that takes POST alone. */
  readonly getStatus?: number;
}

/**
 * Asks a webhook endpoint twice. A GET says whether anything is there to be reached; it is told by no route that takes POST
 * alone, so what counts is a POST of an empty object without a signature: a handler that checks signatures answers 400. The
 * empty object is no event, so that one that does not check has nothing to do.
 */
export async function askWebhook(url: URL, timeoutMs: number): Promise<WebhookAnswer> {
  const name = url.href;
  const got = await ask(url, { timeoutMs });
  if (isFault(got)) return { answer: { ...hostAnswer(url, got), url: name } };
  const posted = await ask(url, {
    timeoutMs,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const code = codeIn(posted);
  return {
    answer: { ...hostAnswer(url, posted), url: name, ...(code !== undefined && { code }) },
    getStatus: got.status,
  };
}

/** What the handlers of clerk-convex-resilience answer beside the status: `{ "code": "bad_headers" }`. */
function codeIn(answer: Answer | Fault): string | undefined {
  const json = isFault(answer) ? undefined : jsonOf(answer);
  return isObject(json) && typeof json.code === 'string' && /^\w{1,40}$/.test(json.code) ? json.code : undefined;
}
