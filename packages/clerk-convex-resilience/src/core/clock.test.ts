import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';

describe('systemClock', () => {
  it('ends a sleep with its signal, at once and without a listener left over', async () => {
    const stop = new AbortController();
    let listeners = 0;
    const { signal } = stop;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    await systemClock.sleep(1, signal);
    expect(listeners).toBe(0);
    const long = systemClock.sleep(60_000, signal);
    stop.abort();
    await long;
    await systemClock.sleep(60_000, signal);
    expect(listeners).toBe(0);
  });

  it('fires a timer once, unless it was undone', async () => {
    const fired: string[] = [];
    systemClock.setTimer(() => fired.push('kept'), 1);
    systemClock.setTimer(() => fired.push('undone'), 1)();
    await systemClock.sleep(20);
    expect(fired).toEqual(['kept']);
  });
});
