import { comparisonOf } from './comparison.ts';
import { shownAfterEnd } from './measure.ts';
import type { Outcome } from './outcome.ts';
import type { Row, SideResult } from './Row.ts';
import type { Scenario } from './Scenario.ts';
import { sides } from './sides.ts';

/** What plain must come to, by scenario and clerk-js major; where it was not the same in each of several runs, all of it: `recovers or signed_out`. */
export type ExpectedPlain = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Pure: all that is wrong with a row, one line each; none: it passes. */
export function problemsOf(row: Row, expected: ExpectedPlain): string[] {
  const { again = [] } = row;
  return [
    ...problemsOfRun(row, expected),
    ...again.flatMap((results, i) =>
      problemsOfRun({ ...row, results }, expected).map((problem) => `run ${i + 2}: ${problem}`),
    ),
    ...slowness(row),
  ];
}

/** One run proves nothing of time. */
function slowness(row: Row): string[] {
  const comparison = row.again && comparisonOf(row);
  if (!comparison?.isSlower) return [];
  const times = (all: ReadonlyArray<number | null>) => all.map((ms) => (ms === null ? 'never' : ms)).join(', ');
  return [
    `slower than plain: back after ${times(comparison.resilientMs)} ms, plain after ${times(comparison.plainMs)} ms`,
  ];
}

function problemsOfRun(row: Row, expected: ExpectedPlain): string[] {
  return sides.flatMap((side) => {
    const result = row.results[side];
    if (!result) return [];
    const problems = result.ok
      ? [
          ...faultProblems(result),
          ...(side === 'plain' ? plainProblems(row, result, expected) : ourProblems(row.scenario, result)),
        ]
      : [`did not run: ${result.error}`];
    return problems.map((problem) => `${side}: ${problem}`);
  });
}

/** Pure: whether this is what a user of plain would complain of. */
export const isPlainFailing = (result: SideResult): boolean =>
  result.ok &&
  (!(['recovers', 'ends'] satisfies Outcome[] as Outcome[]).includes(result.outcome) ||
    result.measures.unmounts > 0 ||
    result.measures.unhandledRejections > 0);

type Measured = Extract<SideResult, { ok: true }>;

/** Pure: what was seen is what the row says of itself. */
export const saysSomething = (result: SideResult): boolean => result.ok && faultProblems(result).length === 0;

function faultProblems({ recording, measures }: Measured): string[] {
  const missed = recording.missedFaults.map((fault) => `the fault hit nothing (${fault})`);
  const unseen =
    recording.faults > 0 && measures.faultedRequests === 0 && recording.hits === 0
      ? ['no request was hit by a fault while it was observed']
      : [];
  return [...missed, ...unseen, ...recording.untrue];
}

function plainProblems(
  { scenario, setup: { clerk }, life }: Row,
  { outcome }: Measured,
  expected: ExpectedPlain,
): string[] {
  if (life !== scenario.id) return []; // a step of several: other steps for each seed
  const due = expected[scenario.id]?.[clerk];
  if (due?.split(' or ').includes(outcome)) return [];
  return due === undefined
    ? [`came to "${outcome}", and expected-plain.json says nothing of it (--update-expected writes it)`]
    : [`came to "${outcome}" where expected-plain.json says "${due}": has a version of Clerk or Convex changed?`];
}

function ourProblems(scenario: Scenario, { measures, outcome, recording }: Measured): string[] {
  const zero = (...names: ReadonlyArray<Exclude<keyof typeof measures, 'stuck'>>) =>
    names.filter((name) => measures[name] !== 0).map((name) => `${name} is ${measures[name]}, not 0`);
  const always = [
    ...zero('lateTokens', 'unhandledRejections', 'anonymousRuns', 'unmounts'),
    ...(measures.stuck
      ? [`stuck (${[recording.lastState, ...recording.probes, recording.queued ?? ''].join(' ').trim()})`]
      : []),
  ];
  if (!scenario.realEnd)
    return [
      ...always,
      // At a sign-out nobody may be left who asks.
      ...(scenario.lasts === 'three_times' && recording.hits < 3
        ? [`was to be hit three times, and was hit ${recording.hits}`]
        : []),
      ...zero('signedOutMs'),
      ...(measures.recoveredAfterMs === null ? ['did not recover by itself'] : []),
      ...((measures.recoveredAfterMs ?? 0) > (scenario.recoversWithinMs ?? Number.POSITIVE_INFINITY)
        ? [`back after ${measures.recoveredAfterMs} ms, not within ${scenario.recoversWithinMs}`]
        : []),
    ];

  const { signedOutMs } = measures;
  return [
    ...always,
    ...(signedOutMs === null || signedOutMs > scenario.outWithinMs
      ? [`signed out after ${signedOutMs} ms, not within ${scenario.outWithinMs}`]
      : []),
    ...recording.afterReloads.flatMap((state, i) =>
      state === 'signed_out' ? [] : [`after reload ${i + 1} the page is ${state}, not signed_out`],
    ),
    ...shownAfterEnd(recording).map((state) => `the page was ${state} after it had shown signed out`),
    ...(outcome === 'ends' ? [] : [`came to "${outcome}", not "ends"`]),
  ];
}
