import { vi } from 'vitest';

/** Waits for what takes real turns, and looks again at once: between vitest's own looks are 50 ms, which hundreds of tests would sleep through. */
export const eventually = <Result>(isSo: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(isSo, { timeout: 20_000, interval: 2 });
