import type { Clock } from '../../core/clock.ts';

/** A question that never ends, as where a runtime drops what a finished request has begun, is not waited for by others for longer, in milliseconds. */
const openForMs = 10_000;

/**
 * One question at a time, shared by all who ask the same address meanwhile, and its answer remembered for a while. The question
 * itself must end, and not reject. `since`: a question that was begun before is not enough, and is waited for before another is
 * begun, but where its answer is one to keep.
 */
export function shareAnswer<Answer>(
  clock: Clock,
  ask: (href: string) => Promise<Answer>,
  /** How long an answer holds, in milliseconds. */
  holdsForMs: (answer: Answer) => number,
  /** Does it hold for so long whoever asks? */
  isToKeep: (answer: Answer) => boolean = () => true,
): (address: URL, since?: number) => Promise<Answer> {
  let asked:
    | { readonly href: string; readonly answer: Promise<Answer>; readonly at: number; until: number }
    | undefined;
  return async function share(address, since = Number.NEGATIVE_INFINITY): Promise<Answer> {
    const { href } = address;
    const last = asked;
    if (last?.href === href && clock.now() < last.until) {
      const answer = await last.answer;
      if (last.at >= since || isToKeep(answer)) return answer;
      // Of all who have waited for it one asks anew, and the others share that.
      if (asked !== last) return share(address, since);
    }
    const now = clock.now();
    const mine = { href, answer: ask(href), at: now, until: now + openForMs };
    asked = mine;
    void mine.answer.then((answer) => {
      mine.until = clock.now() + holdsForMs(answer);
    });
    return mine.answer;
  };
}
