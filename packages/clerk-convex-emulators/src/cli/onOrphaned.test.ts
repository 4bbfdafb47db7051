import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onOrphaned } from './onOrphaned.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const [shell, npm] = [20, 10];

/** Whether it is noticed that these have ended. */
function notices(script: string | undefined, ended: readonly number[], parent = `sh ${npm}`): boolean {
  const alive = new Set([shell, npm]);
  const ancestry = {
    env: { npm_lifecycle_script: script },
    ppid: shell,
    describe: (pid: number) => (pid === shell ? parent : undefined),
    isAlive: (pid: number) => alive.has(pid),
  };
  const onGone = vi.fn();
  const stop = onOrphaned(onGone, ancestry);
  vi.advanceTimersByTime(10_000);
  expect(onGone).not.toHaveBeenCalled();
  for (const pid of ended) alive.delete(pid);
  if (ended.includes(shell)) ancestry.ppid = 1;
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
])('the end of the shell ends what %s has started: %s', (script, isNoticed) => {
  expect(notices(script, [shell])).toBe(isNoticed);
});

test.each([
  [`sh ${npm}`, true],
  [`/bin/dash ${npm}`, true],
  [`node ${npm}`, false], // that is npm, and the other one a person's shell
  [`npm exec clerk-c ${npm}`, false],
])('the end of who started the parent (%s) ends it: %s', (parent, isNoticed) => {
  expect(notices("'clerk-convex-emulators'", [npm], parent)).toBe(isNoticed);
});
