import type { Telling } from './pageStart.ts';

/** Fetches what a tab's pages tell. Each record comes once, also when an answer was lost to a navigation. */
export function createTold(evaluate: <T>(expression: string) => Promise<T>): () => Promise<unknown[]> {
  const fetched: Record<string, number> = {};
  return async () => {
    // A page without `pageStart`, such as about:blank, has nothing to tell.
    const tellings = await evaluate<Telling[]>(`window.tellingsAfter?.(${JSON.stringify(fetched)}) ?? []`).catch(
      (): Telling[] => [],
    );
    const fresh = tellings.filter(({ load, id }) => id > (fetched[load] ?? 0));
    for (const { load, id } of fresh) fetched[load] = Math.max(id, fetched[load] ?? 0);
    return fresh.toSorted((a, b) => a.at - b.at).map(({ record }) => record);
  };
}
