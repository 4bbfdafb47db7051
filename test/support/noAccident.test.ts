import { expect, it } from 'vitest';
import { mayBeAccident, noAccident } from '../../scripts/noAccident.mjs';

const complaintOf = (assert: () => void): string => {
  try {
    assert();
  } catch (error) {
    return `${error}`;
  }
  return '';
};

it.each<[what: string, complaint: string, may: boolean]>([
  ['a wait that was too long', complaintOf(() => expect(12_000).toBeLessThan(10_000)), true],
  ['a mutation that ran', complaintOf(() => expect(['messages:post'], noAccident).toEqual([])), false],
  ['a story before it', complaintOf(() => expect(1, `${noAccident}: of ours\n{ "at": 3 }`).toBe(0)), false],
  ['a row that was late', '- resilient: recoveredAfterMs is 12000, more than 10000', true],
  ['a row that was signed out', '- resilient: late, and signedOutMs is 3000', false],
  ['a row of plain', '- plain: signedOutMs is 3000', true],
])('%s is played again: %s', (_what, complaint, may) => {
  expect(complaint).not.toBe('');
  expect(mayBeAccident(complaint)).toBe(may);
});
