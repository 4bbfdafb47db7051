import { describe, expect, it } from 'vitest';
import { readEvents } from './readEvents.ts';

describe('readEvents', () => {
  it.each<[string, string, readonly unknown[]]>([
    ['an array', '[{"type":"guard_installed"}]', [{ type: 'guard_installed' }]],
    ['a document with events', '{"events":[{"type":"token_failed"}]}', [{ type: 'token_failed' }]],
    ['an event in each line', '{"type":"a"}\n{"type":"b"}\n', [{ type: 'a' }, { type: 'b' }]],
    [
      "the panel's report",
      '## Auth report\n\n### Events (the last 2 of 2)\n\n```\n    0.0 s  guard installed\n    1.2 s  token failed\n```\n',
      ['0.0 s  guard installed', '1.2 s  token failed'],
    ],
  ])('reads %s', (_name, text, expected) => {
    expect(readEvents(text)).toEqual(expected);
  });

  it('keeps the last fifty', () => {
    expect(readEvents(JSON.stringify(Array.from({ length: 70 }, (_, index) => ({ index }))))).toHaveLength(50);
  });

  it.each([
    ['', /empty/],
    ['hello', /no events in the file/],
  ] as const)('refuses %j', (text, message) => {
    expect(() => readEvents(text)).toThrow(message);
  });
});
