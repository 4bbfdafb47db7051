import { expect, it, vi } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { createClerkCheck } from './createClerkCheck.ts';

const url = new URL('https://clerk.example.com/v1/environment');

/** A check whose question is answered when it is told. */
function setUp() {
  const clock = createTestClock();
  const answers: ((response: Response) => void)[] = [];
  const send = vi.fn<typeof fetch>(() => new Promise((resolve) => void answers.push(resolve)));
  const check = createClerkCheck(clock, send, 5_000);
  const ask = (withinMs: number) => {
    const seen: { kind?: string | null } = {};
    void check(url, withinMs).then(({ failure }) => {
      seen.kind = failure === null ? null : failure.kind;
    });
    return seen;
  };
  return { clock, send, answers, ask };
}

it('answers each who asks within that one’s own time, though they share a question', async () => {
  const { clock, send, ask } = setUp();
  const first = ask(5_000);
  await clock.advance(100);
  const hurried = ask(500);
  await clock.advance(500);
  expect([first.kind, hurried.kind]).toEqual([undefined, 'timeout']);
  await clock.advance(4_400);
  expect(first.kind).toBe('timeout');
  expect(send).toHaveBeenCalledTimes(1);
  expect(clock.pendingTimers).toBe(0);
});

it('does not end for the patient when the hurried one has given up', async () => {
  const { clock, answers, ask } = setUp();
  const hurried = ask(500);
  const patient = ask(5_000);
  await clock.advance(1_000);
  expect([hurried.kind, patient.kind]).toEqual(['timeout', undefined]);
  answers[0]?.(new Response('{}'));
  await clock.advance(0);
  expect(patient.kind).toBeNull();
  expect(ask(500).kind).toBeUndefined();
  expect(answers).toHaveLength(1);
});

it.each<[number, string | null]>([
  [200, null],
  [307, null],
  [429, null],
  [499, null],
  [500, 'server'],
  [503, 'server'],
])('takes %i for %s, and follows no redirect', async (status, kind) => {
  const { send, answers, ask } = setUp();
  const seen = ask(5_000);
  answers[0]?.(new Response('', { status }));
  await vi.waitFor(() => expect(seen.kind).toBe(kind));
  expect(send.mock.calls[0]?.[1]).toMatchObject({ redirect: 'manual', cache: 'no-store' });
});
