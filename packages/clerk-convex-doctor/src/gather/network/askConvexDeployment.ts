import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import { type Answer, ask, isFault } from './ask.ts';
import { hostAnswer } from './hostAnswer.ts';
import { below } from './readUrl.ts';

export interface ConvexAnswer {
  readonly answer: HostAnswer & { readonly url: string };
  readonly timed?: Answer;
}

/** Asks a deployment for its version: one line of text, to anybody (crates/local_backend/src/router.rs, `/version`). */
export async function askConvexDeployment(url: URL, timeoutMs: number): Promise<ConvexAnswer> {
  const name = url.href.replace(/\/+$/, '');
  const answer = await ask(below(url, '/version'), { timeoutMs });
  if (isFault(answer)) return { answer: { ...hostAnswer(url, answer), url: name } };
  const isGenuine = isConvex(answer);
  return { answer: { ...hostAnswer(url, answer, isGenuine), url: name }, ...(isGenuine && { timed: answer }) };
}

/** A page, or JSON, is of something in between. */
function isConvex({ status, body }: Answer): boolean | undefined {
  if (status === 511 || (status >= 300 && status < 400)) return false;
  return status === 200 ? /^[\w.:+ -]{1,200}$/.test(body.trim()) : undefined;
}
