import fc from 'fast-check';
import type { AuthFailure } from './failure.ts';
import type { RetryPolicy } from './policy.ts';
import type { TokenMachine } from './tokenMachine.ts';
import { type TokenPromise, TokenWorld } from './tokenWorld.ts';

const longestRetryAfterMs = 3_600_000;
const failures = fc.oneof(
  fc.constantFrom<AuthFailure>(
    { kind: 'network', retryable: true, source: 'browser' },
    { kind: 'offline', retryable: true, source: 'clerk' },
    { kind: 'server', retryable: true, source: 'clerk', status: 500 },
    { kind: 'server', retryable: true, source: 'clerk', status: 503 },
    { kind: 'timeout', retryable: true, source: 'browser' },
    { kind: 'misconfigured', retryable: false, source: 'clerk', status: 404 },
    { kind: 'account_blocked', retryable: false, source: 'clerk', status: 403 },
    { kind: 'unknown', retryable: true, source: 'unknown' },
  ),
  fc.integer({ min: 0, max: longestRetryAfterMs }).map(
    (retryAfterMs): AuthFailure => ({
      kind: 'rate_limited',
      retryable: true,
      source: 'clerk',
      status: 429,
      retryAfterMs,
    }),
  ),
);
const chance = fc.record({
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
const nth = fc.nat(3);

type Command = fc.Command<TokenWorld, null>;
const command = (name: string, run: (world: TokenWorld) => void, check: (world: TokenWorld) => boolean): Command => ({
  check,
  run,
  toString: () => name,
});
const always = (): boolean => true;
const isIn = ({ session }: TokenWorld): boolean => session !== null;

const often = <T>(make: () => T): T[] => [make(), make(), make()];

/** Everything that can happen, in any order in which it can. */
const commands = [
  fc
    .constantFrom('a', 'a', 'b')
    .map((session) => command(`start(${session})`, (world) => world.start(session), always)),
  fc.constant(command('end', (world) => world.end(), isIn)),
  ...often(() => fc.boolean().map((fresh) => command(`ask(${fresh})`, (world) => world.ask(fresh), always))),
  ...often(() =>
    fc
      .record({ n: nth, what: fc.constantFrom('good', 'good', 'cached', 'last', 'refused'), chance })
      .map(({ n, what, chance: moment }) =>
        command(
          `answer(${n}, ${what})`,
          (world) => world.answer('flights', n, what, moment),
          ({ flights }) => flights.length > 0,
        ),
      ),
  ),
  fc.record({ n: nth, failure: failures, chance }).map(({ n, failure, chance: moment }) =>
    command(
      `fail(${n}, ${failure.kind})`,
      (world) => world.fail(n, failure, moment),
      ({ flights }) => flights.length > 0,
    ),
  ),
  fc.record({ n: nth, chance }).map(({ n, chance: moment }) =>
    command(
      `answerLate(${n})`,
      (world) => world.answer('givenUp', n, 'good', moment),
      ({ givenUp }) => givenUp.length > 0,
    ),
  ),
  fc.record({ failure: fc.option(failures), chance }).map(({ failure, chance: moment }) =>
    command(
      `judge(${failure?.kind ?? 'accepted'})`,
      (world) => world.judge(failure, moment),
      ({ trying }) => trying !== null,
    ),
  ),
  fc.integer({ min: 1, max: 240_000 }).map((ms) => command(`pass(${ms})`, (world) => world.pass(ms), always)),
  fc.constant(
    command(
      'wake',
      (world) => world.endWait(),
      ({ wait }) => wait !== null,
    ),
  ),
  fc.constant(command('retry', (world) => world.tell({ type: 'retry_asked' }), always)),
  fc.constant(command('refuse', (world) => world.refuse(), isIn)),
  fc.constant(
    command(
      'confirm',
      (world) => world.confirm(),
      ({ last, refused }) => last !== null && !refused.has(last),
    ),
  ),
  fc.record({ failure: failures, delayMs: fc.nat(60_000) }).map(({ failure, delayMs }) =>
    command(
      `hold(${failure.kind})`,
      (world) => world.tell({ type: 'request_held', failure, at: world.now, delayMs }),
      ({ flights }) => flights.length > 0,
    ),
  ),
  fc
    .integer({ min: -7_200_000, max: 7_200_000 })
    .map((ms) => command(`setClock(${ms})`, (world) => world.setClock(ms), always)),
];

/** Plays random commands against a machine, and at last a world without faults. Throws at the first broken promise of those that are watched. */
export const tokenMachineKeepsItsPromises = (
  machine: TokenMachine,
  policy: RetryPolicy,
  watched?: TokenPromise,
): fc.IPropertyWithHooks<[Iterable<Command>]> =>
  fc.property(fc.commands(commands, { maxCommands: 60, size: 'max' }), (played) => {
    const world = new TokenWorld(machine, policy, watched);
    fc.modelRun(() => ({ model: world, real: null }), played);
    world.recover();
  });
