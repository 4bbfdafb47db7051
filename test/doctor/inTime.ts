import { setTimeout as sleep } from 'node:timers/promises';

/** No look at anything may take longer. In milliseconds. */
export const mostMs = 10_000;

/**
 * What comes of a look, which may take ten seconds of the clock: what waits for ever uses no processor. A machine that is busy with
 * something else is given a second chance, and so is forgiven what is slow by chance.
 */
export async function inTime<Value>(look: () => Promise<Value>): Promise<Value> {
  return (await onTheClock(look)) ?? (await onTheClock(look)) ?? late();
}

async function onTheClock<Value>(look: () => Promise<Value>): Promise<Value | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([look(), sleep(mostMs, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}

function late(): never {
  throw new Error(`It took longer than ${mostMs / 1000} s, twice.`);
}
