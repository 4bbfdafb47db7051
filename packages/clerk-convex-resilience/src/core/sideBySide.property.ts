import fc from 'fast-check';

/** Runs on a test clock wait for the event loop more than they compute. */
const atOnce = 8;

/** A counterexample as it is by then is told, before the test's own time is over and takes it with it. */
const atMostMs = 100_000;

/** Checks a property in so many runs, several of them at once. */
export async function assertSideBySide<Ts>(property: fc.IAsyncProperty<Ts>, numRuns: number): Promise<void> {
  const runs = Math.ceil(numRuns / atOnce);
  await Promise.all(
    Array.from({ length: atOnce }, () => fc.assert(property, { numRuns: runs, skipAllAfterTimeLimit: atMostMs })),
  );
}
