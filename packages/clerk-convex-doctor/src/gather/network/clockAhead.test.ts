import { expect, it } from 'vitest';
import { clockAhead } from './clockAhead.ts';

const noon = Date.parse('2026-01-01T12:00:00Z');
const answered = (headers: Record<string, string>, askedAt: number, answeredAt: number) => ({
  headers: new Headers(headers),
  askedAt,
  answeredAt,
});
const date = 'Thu, 01 Jan 2026 12:00:00 GMT';

it.each([
  // the server's time is 12:00:00.5 give or take half a second
  ['right', noon + 500, noon + 500, 0],
  ['right, over a slow line', noon - 1500, noon + 2500, 0],
  ['a minute ahead', noon + 60_000, noon + 61_000, 60_000],
  ['a minute behind', noon - 60_000, noon - 59_000, -60_000],
])('tells a clock that is %s', (_, askedAt, answeredAt, ahead) => {
  expect(clockAhead(answered({ date }, askedAt, answeredAt))).toBe(ahead);
});

it.each([[{}], [{ date: 'yesterday' }], [{ date, age: '30' }]])('knows nothing from %j', (headers) => {
  expect(clockAhead(answered(headers as Record<string, string>, noon, noon))).toBeUndefined();
});
