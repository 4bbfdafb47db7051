import { describe, expect, it } from 'vitest';
import { before, type Failure, ours, peers } from './policies.ts';
import { type Herd, simulateHerd } from './simulateHerd.ts';
import { simulateOne } from './simulateOne.ts';

const seed = 42;
const herd = { clients: 10_000, sheds: true, seed } as const;

describe('10,000 clients after an outage of 30 s', () => {
  it.each<[string, Pick<Herd, 'onset' | 'down'>]>([
    ['whose tokens fall due one after the other', { onset: 'spread', down: 'server' }],
    ['who all fail at once', { onset: 'at_once', down: 'server' }],
    ['whose browsers all come online at once', { onset: 'spread', down: 'network' }],
  ])('%s all have an answer within three times what the server can do', (_, cell) => {
    const result = simulateHerd(ours, { ...herd, ...cell });
    expect(result.never).toBe(0);
    expect(result.p99).toBeLessThan(15);
  });

  it('are not all served by the schedule of clerk-js, which gives up', () => {
    expect(simulateHerd(peers.clerk, { ...herd, onset: 'spread', down: 'network' }).never).toBeGreaterThan(0.1);
  });

  it('repeat with the seed', () => {
    const run = () => simulateHerd(ours, { ...herd, onset: 'at_once', down: 'server' });
    expect(run()).toEqual(run());
  });
});

describe.each<Failure>(['offline', 'network', 'down', 'shed', 'timeout'])(
  'one user whose attempts fail: %s',
  (failure) => {
    it.each([
      // outage in s, requests on average, the longest delay in s
      [10, 7.5, 3],
      [25, 13, 3],
      [60, 19, 12],
      [300, 27, 60],
      [1_800, 54, 60],
    ])('an outage of %d s costs at most %d requests and is noticed as over within %d s', (seconds, requests, most) => {
      const result = simulateOne(ours, failure, seconds * 1_000, seed);
      expect(result.requests).toBeLessThan(requests);
      // The outages are up to a fifth longer: so is what they may take.
      expect(result.most).toBeLessThanOrEqual(Math.min(60, seconds > 25 ? most * 1.2 : most));
    });
  },
);

it('waits of a fifth of the outage cost less than waits of a twelfth', () => {
  const [fifth, twelfth] = [ours, before].map((policy) => simulateOne(policy, 'network', 300_000, seed).requests);
  expect(fifth).toBeLessThan((twelfth ?? 0) * 0.6);
});
