import { expect, it } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { createGuardReport } from './createGuardReport.ts';
import { timedOut, unconfigured } from './faults.ts';

it('has one line in ten seconds for each of two faults that take turns', async () => {
  const clock = createTestClock();
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  const report = createGuardReport(clock, { warn: write, error: write }, undefined);
  const faults = [timedOut('clerk.example.com', 5_000), unconfigured([])];
  const flap = (): void => {
    for (let turn = 0; turn < 6; turn++) for (const fault of faults) report(fault);
  };
  flap();
  expect(lines).toHaveLength(2);
  await clock.advance(10_000);
  flap();
  expect(lines).toHaveLength(4);
});
