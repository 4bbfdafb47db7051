import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import { type Answer, ask, isFault } from './ask.ts';
import { errorCodeIn, isClerks, kidsIn } from './clerkShape.ts';
import { hostAnswer } from './hostAnswer.ts';
import { isObject, jsonOf } from './json.ts';
import { below } from './readUrl.ts';

export interface FrontendApiAnswer {
  readonly answer: HostAnswer;
  /** Ids of the keys that the instance publishes. */
  readonly kids?: readonly string[];
  /** What the time can be told from. */
  readonly timed?: Answer;
}

/** Asks the Frontend API for its settings, then for its keys: both need no session. Of two answers, the worse one counts. */
export async function askFrontendApi(base: URL, timeoutMs: number): Promise<FrontendApiAnswer> {
  const settings = await ask(below(base, '/v1/environment'), { timeoutMs });
  if (isFault(settings)) return { answer: hostAnswer(base, settings) };
  const isGenuine = isClerks(settings, isObject);
  if (settings.status !== 200 || isGenuine === false) {
    const code = isGenuine ? errorCodeIn(jsonOf(settings)) : undefined;
    const answer = { ...hostAnswer(base, settings, isGenuine), ...(code !== undefined && { code }) };
    return { answer, ...(isGenuine && { timed: settings }) };
  }
  const keys = await ask(below(base, '/.well-known/jwks.json'), { timeoutMs });
  if (isFault(keys)) return { answer: hostAnswer(base, keys) };
  // The shape of the settings changes from version to version; that of the keys is a standard (RFC 7517).
  const kids = keys.status === 200 ? kidsIn(jsonOf(keys)) : undefined;
  return kids
    ? { answer: hostAnswer(base, settings, true), kids, timed: settings }
    : {
        answer: hostAnswer(
          base,
          keys,
          isClerks(keys, () => false),
        ),
      };
}
