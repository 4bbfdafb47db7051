import { expect, it } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { shareAnswer } from './shareAnswer.ts';

const address = new URL('https://clerk.example.com/v1/environment');

function setUp(...answers: Array<Promise<string>>) {
  const clock = createTestClock();
  const asked: string[] = [];
  const ask = (href: string): Promise<string> => {
    asked.push(href);
    return answers.shift() ?? Promise.resolve('later');
  };
  return { clock, asked, share: shareAnswer(clock, ask, () => 2_000) };
}

it('asks once for all who ask meanwhile, and remembers the answer for as long as it holds', async () => {
  const { clock, asked, share } = setUp(Promise.resolve('first'));
  expect(await Promise.all([share(address), share(address)])).toEqual(['first', 'first']);
  await clock.advance(1_999);
  expect(await share(address)).toBe('first');
  await clock.advance(1);
  expect(await share(address)).toBe('later');
  expect(asked).toHaveLength(2);
});

it('asks another address for itself', async () => {
  const { asked, share } = setUp(Promise.resolve('first'));
  await share(address);
  expect(await share(new URL('/v1/client', address))).toBe('later');
  expect(asked).toHaveLength(2);
});

it('lets nobody wait for ever for a question that does not end', async () => {
  const { clock, share } = setUp(new Promise(() => {}));
  void share(address);
  await clock.advance(10_000);
  expect(await share(address)).toBe('later');
});

it('asks once more for all whose question must be newer, when the one before it has ended', async () => {
  const clock = createTestClock();
  const answers: ((word: string) => void)[] = [];
  const share = shareAnswer(
    clock,
    () => new Promise<string>((resolve) => void answers.push(resolve)),
    () => 2_000,
    (word) => word === 'bad',
  );
  const first = share(address);
  await clock.advance(100);
  const newer = [share(address, clock.now()), share(address, clock.now())];
  await clock.advance(0);
  expect(answers).toHaveLength(1);
  answers[0]?.('good');
  expect(await first).toBe('good');
  await clock.advance(0);
  expect(answers).toHaveLength(2);
  answers[1]?.('bad');
  expect(await Promise.all(newer)).toEqual(['bad', 'bad']);
  await clock.advance(1_999);
  expect(await share(address, clock.now())).toBe('bad');
  expect(answers).toHaveLength(2);
});
