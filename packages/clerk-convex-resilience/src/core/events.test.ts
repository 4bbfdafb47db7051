import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AuthEvent, safely } from './events.ts';

const event: AuthEvent = { at: 0, type: 'guard_installed' };

afterEach(() => vi.restoreAllMocks());

describe('safely', () => {
  it('keeps what a listener throws from the work, and prints it once for the developer', () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const mistake = new Error('mine');
    let calls = 0;
    const tell = safely(() => {
      calls++;
      throw mistake;
    });
    tell(event);
    tell(event);
    expect(calls).toBe(2);
    expect(printed).toHaveBeenCalledTimes(1);
    expect(printed.mock.calls[0]).toContain(mistake);
  });

  it('tells a listener that works, and does nothing where there is none', () => {
    const heard: AuthEvent[] = [];
    safely((each) => heard.push(each))(event);
    safely(undefined)(event);
    expect(heard).toEqual([event]);
  });
});
