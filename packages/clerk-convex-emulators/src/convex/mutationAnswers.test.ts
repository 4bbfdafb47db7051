import { expect, test } from 'vitest';
import { createMutationAnswers } from './mutationAnswers.ts';
import type { MutationResponse } from './protocol.ts';

const success = (result: number): MutationResponse => ({
  type: 'MutationResponse',
  requestId: result,
  logLines: [],
  success: true,
  result,
  ts: '',
});
const failed: MutationResponse = {
  type: 'MutationResponse',
  requestId: 0,
  logLines: [],
  success: false,
  result: 'no',
};

test('the newest are held, older ones forgotten', async () => {
  const answers = createMutationAnswers([['kept/0', success(0)]], 2);
  await answers.once('a/1', async () => success(1));
  expect(await answers.once('kept/0', async () => failed)).toEqual(success(0));
  await answers.once('a/2', async () => success(2));
  expect(answers.read().map(([key]) => key)).toEqual(['a/1', 'a/2']);
});

test('a failure is not held', async () => {
  const answers = createMutationAnswers();
  expect(await answers.once('a/1', async () => failed)).toEqual(failed);
  expect(await answers.once('a/1', async () => success(1))).toEqual(success(1));
});

test('an answer to what ran before they were cleared is not held', async () => {
  const answers = createMutationAnswers();
  const before = answers.once('a/1', async () => success(1));
  answers.clear();
  expect(await before).toEqual(success(1));
  expect(answers.read()).toEqual([]);
});
