import fc from 'fast-check';

/** Runs on a test clock wait for the event loop more than they compute. */
const atOnce = 8;

/** Checks a property in so many runs, several of them at once. */
export async function assertSideBySide<Ts>(property: fc.IAsyncProperty<Ts>, numRuns: number): Promise<void> {
  const runs = Math.ceil(numRuns / atOnce);
  await Promise.all(Array.from({ length: atOnce }, () => fc.assert(property, { numRuns: runs })));
}
