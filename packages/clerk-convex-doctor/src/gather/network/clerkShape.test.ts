import { expect, it } from 'vitest';
import { isClerks, kidsIn } from './clerkShape.ts';

const answer = (status: number, contentType: string, body: string, isWhole = true) => ({
  status,
  headers: new Headers({ 'content-type': contentType }),
  body,
  isWhole,
  askedAt: 0,
  answeredAt: 0,
});
const json = 'application/json';
const errors = JSON.stringify({ errors: [{ code: 'authentication_invalid' }] });

it.each([
  ['what was asked for', answer(200, json, '{"right":true}'), true],
  ['JSON of another shape', answer(200, json, '{"login":"here"}'), false],
  ['a page of a portal', answer(200, 'text/html', '<h1>Welcome to the hotel</h1>'), false],
  ['the polite word of a portal', answer(511, 'text/html', '<h1>Log in</h1>'), false],
  ['a redirect', answer(302, 'text/html', ''), false],
  ['an error of Clerk', answer(401, json, errors), true],
  ['an outage of Clerk', answer(500, json, errors), true],
  ['somebody else refusing', answer(403, 'text/html', '<h1>Blocked</h1>'), false],
  ['a 404 of somebody else', answer(404, 'text/plain', 'nope'), false],
  ['an edge that cannot pass it on', answer(502, 'text/html', '<h1>Bad gateway</h1>'), undefined],
  ['an edge that is asked too often', answer(429, 'text/html', '<h1>Slow down</h1>'), undefined],
  ['JSON that was too long to read', answer(200, json, '{"right":', false), undefined],
])('judges %s', (_, given, expected) => {
  expect(isClerks(given, (value) => (value as { right?: boolean }).right === true)).toBe(expected);
});

it.each([
  [{ keys: [{ kid: 'a' }, { kid: 1 }, null, { kid: 'b' }] }, ['a', 'b']],
  [{ keys: [] }, []],
  [{ keys: 'a' }, undefined],
  [[], undefined],
  [null, undefined],
])('reads the key ids of %j', (value, expected) => {
  expect(kidsIn(value)).toEqual(expected);
});
