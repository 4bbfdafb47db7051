import { describe, expect, test } from 'vitest';
import { whens } from './Combination.ts';
import { chooseLives, livesFor } from './chooseLives.ts';
import { playableLives } from './engineGaps.ts';
import { readExpectedPlain } from './expectedPlain.ts';
import { faultIds } from './faultKinds.ts';
import { feasiblePairs } from './infeasible.ts';
import type { Life } from './Life.ts';
import { matrixLives } from './lives.ts';
import { readOptions } from './options.ts';

const known = matrixLives()[7] as Life;
const expected = { [known.id]: { [known.setup.clerk]: 'recovers' } };
const lives = (...args: string[]) => chooseLives(readOptions(args), expected);
const rows = (all: readonly Life[]) =>
  all.flatMap(({ steps, sides, setup }) => steps.map((step) => ({ ...step, sides, setup })));

describe('the long command', () => {
  test('plays every fault in every moment on both sides', () => {
    const played = rows(lives('--matrix')).filter(({ id, sides }) => id.split('/').length === 3 && sides.length === 2);
    const met = new Set(played.map(({ when, fault }) => `${when} ${fault}`));
    expect(feasiblePairs.filter(({ when, fault }) => !met.has(`${when} ${fault}`))).toEqual([]);
  });
  test('plays every fault for 45 s, and every moment for 45 s with each major and for longer than clerk-js tries', () => {
    const played = rows(lives('--matrix'));
    const lasting = (length: string) => played.filter(({ lasts, sides }) => lasts === length && sides.length === 2);
    expect(new Set(lasting('45s').map(({ fault }) => fault))).toEqual(new Set(faultIds));
    const momentsOf = (length: string, clerk: 5 | 6) =>
      new Set(lasting(length).flatMap(({ when, setup }) => (setup.clerk === clerk ? [when] : [])));
    expect([momentsOf('45s', 5), momentsOf('45s', 6)]).toEqual([new Set(whens), new Set(whens)]);
    expect(new Set(lasting('210s').map(({ when }) => when))).toEqual(new Set(whens));
    expect(
      lasting('210s')
        .filter(({ when }) => when === 'scheduled_refresh')
        .map(({ setup }) => setup.clerk),
    ).toEqual([5, 6]);
    expect(feasiblePairs).toEqual(expect.arrayContaining(lasting('210s').map(({ when, fault }) => ({ when, fault }))));
  });
  test('plays the covering set on both sides too, each step of plain’s in a page that is loaded anew', () => {
    const covering = lives('--matrix').filter(({ id }) => id.startsWith('life_'));
    expect(covering.length).toBeGreaterThan(20);
    for (const life of covering) expect(life).toMatchObject({ sides: ['plain', 'resilient'], plainIsLoadedAnew: true });
    for (const life of lives('--brief').filter(({ id }) => id.startsWith('life_')))
      expect(life.sides).toEqual(['resilient']);
  });
});

describe('what is asked for', () => {
  test('a combination is played by its name, with both majors', () => {
    expect(lives('--only', '^hidden/hang/10s$').map(({ setup }) => setup.clerk)).toEqual([5, 6]);
  });
  test('a side or a major leaves out the others', () => {
    for (const { sides, setup } of lives('--quick', '--side', 'plain', '--clerk', '6')) {
      expect(sides).toEqual(['plain']);
      expect(setup.clerk).toBe(6);
    }
  });
  test('in all engines at once, the others than Chromium play the covering set and nothing else', () => {
    const options = readOptions(['--quick', '--engine', 'all']);
    const chosen = chooseLives(options, expected);
    expect(options.engines).toEqual(['chromium', 'firefox', 'webkit']);
    expect(livesFor('chromium', options, chosen)).toEqual(chosen);
    expect(livesFor('firefox', options, chosen).map(({ id }) => id)).toEqual(
      lives('--only', '^life_').map(({ id }) => id),
    );
    expect(livesFor('firefox', readOptions(['--engine', 'firefox']), chosen)).toEqual(chosen);
  });
  test('random schedules of another seed are others, which their names say, and all else is the same', () => {
    const [ours, others] = [lives('--brief'), lives('--brief', '--schedules', '77')];
    const isRandom = ({ id }: Life) => id.startsWith('random/');
    const tellingOf = (all: readonly Life[]) => all.map(({ id, steps }) => [id, steps.map(({ says }) => says)]);
    const rest = (all: readonly Life[]) => tellingOf(all.filter((life) => !isRandom(life)));
    expect(rest(others)).toEqual(rest(ours));
    const random = tellingOf(others.filter(isRandom));
    expect(random.map(([id]) => id)).toEqual([1, 2, 3, 4].map((n) => `random/77/${n}`));
    expect(random).not.toEqual(
      tellingOf(ours.filter(isRandom)).map(([id, says]) => [`${id}`.replace('/1/', '/77/'), says]),
    );
    // By the name that a failure tells.
    expect(tellingOf(lives('--only', '^random/77/2$', '--schedules', '77'))).toEqual([random[1]]);
  });
  test('what matches nothing is said', () => {
    expect(() => lives('--only', 'nonsense')).toThrow('Nothing matches --only nonsense');
  });
  test('the brief suite has each scenario under one major, the majors in turn, without those that other tests tell', () => {
    const outcomes = {
      ...expected,
      offline_8s: { 5: 'signed_out', 6: 'recovers' },
      sign_out_healthy: { 5: 'ends', 6: 'ends' },
    };
    const chosen = chooseLives(readOptions(['--brief']), outcomes);
    const scenarios = chosen.filter(({ id }) => !/^(life|random)_/.test(id));
    const ids = scenarios.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const majors = scenarios.map(({ setup }) => setup.clerk);
    for (const major of [5, 6])
      expect(majors.filter((each) => each === major).length).toBeGreaterThan(majors.length / 3);
    expect(ids).not.toContain('sign_out_healthy');
    expect(scenarios.find(({ id }) => id === 'offline_8s')?.setup.clerk).toBe(5);
    const others = (suite: string) =>
      chooseLives(readOptions([suite]), outcomes)
        .map(({ id }) => id)
        .filter((id) => /^(life|random)_/.test(id));
    expect(others('--brief')).toEqual(others('--quick'));
    expect(() => readOptions(['--quick', '--brief'])).toThrow('--brief, --quick: expected one of them.');
  });
  test('what plain is known to come to is enough for a sample of the matrix', async () => {
    const chosen = chooseLives(readOptions(['--quick']), await readExpectedPlain());
    expect(chosen.filter(({ sides }) => sides.length === 1 && sides[0] === 'plain')).toHaveLength(12);
  });
  test('the quick suite samples of the matrix only what plain is known to come to', () => {
    const sampled = lives('--quick').filter(({ sides }) => sides.length === 1 && sides[0] === 'plain');
    expect(sampled.map(({ id, setup }) => [id, setup.clerk])).toEqual([[known.id, known.setup.clerk]]);
  });
});

test('a browser is spared what it cannot do, and no more', () => {
  const webkit = {
    engine: 'webkit',
    can: { failRequests: false, offline: false, hide: true, keepPages: true },
  } as const;
  const played = rows(playableLives(lives('--only', '^life_'), webkit)).map(({ fault }) => fault);
  expect(faultIds.filter((fault) => !played.includes(fault))).toEqual([
    'refused',
    'timed_out',
    'name_not_resolved',
    'disconnected',
    'network_changed',
  ]);
  const firefox = {
    engine: 'firefox',
    can: { failRequests: true, offline: true, hide: false, keepPages: false },
  } as const;
  const moments = rows(playableLives(lives('--only', '^life_'), firefox)).map(({ when }) => when);
  expect(moments).not.toContain('hidden');
  expect(moments).not.toContain('bfcache');
  expect(moments).toContain('sleep');
});
