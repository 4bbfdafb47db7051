import { expect, it } from 'vitest';
import { audienceMismatch } from './audience.ts';

it.each([
  ['APPLICATION_ID_WRONG', ['convex'], ['mine'], { seen: 'mine', expected: 'convex' }],
  ['APPLICATION_ID_WRONG', ['convex'], ['mine', 'Convex'], { seen: 'mine, Convex', expected: 'convex' }],
  ['APPLICATION_ID_WRONG', ['convex'], [], { seen: 'none', expected: 'convex' }],
  ['TOKEN_AUDIENCE_WRONG', ['convex'], ['mine', 'convex'], { seen: 'convex', expected: 'mine, convex' }],
  ['TOKEN_AUDIENCE_WRONG', ['convex', 'mine'], ['abc'], { seen: 'convex, mine', expected: 'abc' }],
  ['TOKEN_AUDIENCE_WRONG', ['mine'], ['convex'], { seen: 'mine', expected: 'convex' }],
  ['TOKEN_AUDIENCE_WRONG', ['mine'], ['abc'], { seen: 'mine', expected: 'abc' }],
  ['TOKEN_AUDIENCE_WRONG', [], ['convex'], { seen: 'none', expected: 'convex' }],
])('%s: a token for %j, and a deployment that expects %j', (code, audiences, applicationIds, args) => {
  expect(audienceMismatch(audiences, applicationIds)).toMatchObject({ code, args });
});
