import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onOrphaned } from './onOrphaned.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether it is noticed that the parent is gone. */
function notices(script: string | undefined): boolean {
  const parent = { env: { npm_lifecycle_script: script }, ppid: 20 };
  const onGone = vi.fn();
  const stop = onOrphaned(onGone, parent);
  vi.advanceTimersByTime(10_000);
  expect(onGone).not.toHaveBeenCalled();
  parent.ppid = 1;
  vi.advanceTimersByTime(10_000);
  expect(onGone.mock.calls.length).toBeLessThan(2);
  stop();
  expect(vi.getTimerCount()).toBe(0);
  return onGone.mock.calls.length === 1;
}

test.each([
  ["'clerk-convex-emulators'", true], // npx
  ['clerk-convex-emulators --token-life 30 > .env.local', true],
  ['npm run keys && clerk-convex-emulators 2>&1', true],
  // Somebody wants it to outlive what started it.
  [undefined, false],
  ['clerk-convex-emulators > .env.local & sleep 3', false],
  ['clerk-convex-emulators &', false],
  ['vitest run', false],
])('the end of the parent ends what %s has started: %s', (script, isNoticed) => {
  expect(notices(script)).toBe(isNoticed);
});
