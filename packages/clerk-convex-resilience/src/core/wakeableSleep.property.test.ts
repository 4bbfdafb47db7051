import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertSideBySide } from './sideBySide.property.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { wakeableSleep } from './wakeableSleep.ts';

const numRuns = 10_000;

type Happening = { readonly type: 'pass' | 'wake' | 'hide' } | { readonly type: 'setClock'; readonly ms: number };
const happenings = fc.oneof(
  fc.constantFrom<Happening>({ type: 'pass' }, { type: 'pass' }, { type: 'wake' }, { type: 'hide' }),
  fc.integer({ min: -7_200_000, max: 7_200_000 }).map((ms): Happening => ({ type: 'setClock', ms })),
);

describe('wakeableSleep, whatever wakes it and however the clock is set', () => {
  it('ends no later than it was asked to, or at once when the clock is wrong, and leaves nothing behind', async () => {
    await assertSideBySide(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 120_000 }),
        fc.integer({ min: 0, max: 600_000 }),
        fc.array(happenings, { maxLength: 12 }),
        async (ms, outageMs, happened) => {
          const real = createTestClock({ now: 10 ** 9 });
          const connectivity = createTestConnectivity();
          let setBy = 0;
          let isSetBack = false;
          let endedAt: number | null = null;
          const clock = { ...real, now: () => real.now() + setBy };
          const startedAt = real.now();
          void wakeableSleep({ clock, connectivity }, { ms, outageMs }).then(() => {
            endedAt = real.now();
          });
          for (const each of happened) {
            if (each.type === 'pass') await real.advance(Math.ceil(ms / 5));
            if (each.type === 'wake') connectivity.wake('visible');
            if (each.type === 'hide') connectivity.hidden = !connectivity.hidden;
            if (each.type === 'setClock') {
              setBy += each.ms;
              isSetBack ||= each.ms < 0;
            }
          }
          // A clock that was set back by less than the wait had lasted looks like one that runs slowly.
          await real.advance(isSetBack ? ms * 2 + 1 : ms);
          expect(endedAt).not.toBeNull();
          if (!isSetBack) expect((endedAt ?? 0) - startedAt).toBeLessThanOrEqual(ms);
          expect(real.pendingTimers).toBe(0);
          expect(connectivity.open.wake).toBe(0);
        },
      ),
      numRuns,
    );
  });
});
