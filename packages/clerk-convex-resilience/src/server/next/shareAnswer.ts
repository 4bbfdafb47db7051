import type { Clock } from '../../core/clock.ts';

/** A question that never ends, as where a runtime drops what a finished request has begun, is not waited for by others for longer, in milliseconds. */
const openForMs = 10_000;

/**
 * One question at a time, shared by all who ask the same address meanwhile, and its answer remembered for a while. The question
 * itself must end, and not reject.
 */
export function shareAnswer<Answer>(
  clock: Clock,
  ask: (href: string) => Promise<Answer>,
  /** How long an answer holds, in milliseconds. */
  holdsForMs: (answer: Answer) => number,
): (address: URL) => Promise<Answer> {
  let asked: { readonly href: string; readonly answer: Promise<Answer>; until: number } | undefined;
  return ({ href }) => {
    if (asked?.href === href && clock.now() < asked.until) return asked.answer;
    const mine = { href, answer: ask(href), until: clock.now() + openForMs };
    asked = mine;
    void mine.answer.then((answer) => {
      mine.until = clock.now() + holdsForMs(answer);
    });
    return mine.answer;
  };
}
