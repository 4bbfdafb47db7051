import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { createTimeline } from './createTimeline.ts';

describe('createTimeline', () => {
  it('keeps the newest 200, each with its time', async () => {
    const clock = createTestClock();
    const timeline = createTimeline(clock);
    for (let i = 0; i < 450; i++) timeline.add(['requests'], `${i}`);
    timeline.add(['wakes'], 'late', timeline.startedAt + 7);
    const entries = timeline.entries();
    expect(entries).toHaveLength(200);
    expect(entries[0]?.text).toBe('251');
    expect(entries.at(-1)).toMatchObject({ text: 'late', at: timeline.startedAt + 7, kinds: ['wakes'] });
    expect(new Set(entries.map(({ id }) => id)).size).toBe(200);
    timeline.clear();
    expect(timeline.entries()).toEqual([]);
  });

  it('tells of what happened in one turn once, and not in that turn', async () => {
    const timeline = createTimeline(createTestClock());
    let told = 0;
    const undo = timeline.subscribe(() => told++);
    timeline.add(['tabs'], 'one');
    timeline.add(['tabs'], 'two');
    expect(told).toBe(0);
    await Promise.resolve();
    expect(told).toBe(1);
    undo();
    timeline.add(['tabs'], 'three');
    await Promise.resolve();
    expect(told).toBe(1);
  });
});
