import type { MutationResponse } from './protocol.ts';

/** What mutations were answered, by session and request: a client that lost the answer asks again, and nothing may run twice. */
export interface MutationAnswers {
  /** The answer to a request; runs it if there is none. */
  once(key: string, run: () => Promise<MutationResponse>): Promise<MutationResponse>;
  /** What can be kept across a restart, oldest first. */
  read(): ReadonlyArray<readonly [string, MutationResponse]>;
  clear(): void;
}

/** Holds the newest `limit` answers: a client asks again for its latest alone, as it learns of the others. */
export function createMutationAnswers(
  kept: ReadonlyArray<readonly [string, MutationResponse]> = [],
  limit = 10_000,
): MutationAnswers {
  const answers = new Map<string, MutationResponse>(kept);
  const running = new Map<string, Promise<MutationResponse>>();
  return {
    once(key, run) {
      const known = answers.get(key);
      if (known) return Promise.resolve(known);
      const underWay = running.get(key);
      if (underWay) return underWay;
      const answer = run()
        .then((response) => {
          // A mutation that failed committed nothing: asked again, it runs again.
          if (response.success && running.get(key) === answer) answers.set(key, response);
          for (const oldest of answers.keys()) {
            if (answers.size <= limit) break;
            answers.delete(oldest);
          }
          return response;
        })
        .finally(() => {
          if (running.get(key) === answer) running.delete(key);
        });
      running.set(key, answer);
      return answer;
    },
    read: () => [...answers],
    clear() {
      answers.clear();
      // What still runs belongs to what was before.
      running.clear();
    },
  };
}
