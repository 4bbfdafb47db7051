import { expect, test } from 'vitest';
import { keepNewest } from './keepNewest.ts';

test('beyond its limit the oldest entry goes', () => {
  const log: number[] = [];
  for (let entry = 0; entry < 5; entry++) keepNewest(log, entry, 3);
  expect(log).toEqual([2, 3, 4]);
});
