import type { Row, SideResult } from './Row.ts';
import { promisedMs } from './recoveryBound.ts';
import { type Side, sides } from './sides.ts';

/** What is worth knowing of the times of recovery: a line each, for a terminal. */
export const recoverySummaryOf = (rows: readonly Row[]): string[] => [
  ...overPromise(rows),
  ...sides.flatMap((side) => afterWake(rows, side)),
  ...sides.flatMap((side) => afterOnline(rows, side)),
];

/** Rows of ours that were back later than the policy promises: with what Convex's client, a page load and the machine take. */
function overPromise(rows: readonly Row[]): string[] {
  const back = rows.flatMap(({ scenario, setup, results: { resilient } }) =>
    !scenario.realEnd && resilient?.ok ? [{ scenario, setup, ...resilient }] : [],
  );
  const over = back
    .map(({ scenario, setup, measures, recording }) => {
      const promised = promisedMs(recording.mendedAt - recording.brokenAt);
      const { recoveredAfterMs: backMs, askedAfterMs } = measures;
      return {
        name: `${scenario.id} ${setup.clerk}`,
        promised,
        backMs: backMs ?? Number.POSITIVE_INFINITY,
        askedAfterMs,
      };
    })
    .filter(({ backMs, promised }) => backMs > promised)
    .toSorted((a, b) => b.backMs - a.backMs);
  if (back.length === 0) return [];
  const waited = over.filter(({ askedAfterMs, promised }) => (askedAfterMs ?? 0) > promised).length;
  return [
    `Ours was back later than 3 s, or a fifth of the outage, in ${over.length} of ${back.length} rows; in ${waited} of them it had not asked sooner.`,
    ...over.map(
      ({ name, backMs, askedAfterMs }) => `  ${name}: back ${inSeconds(backMs)}, asked ${inSeconds(askedAfterMs)}`,
    ),
  ];
}

/** Pure: what ours owes after a wake signal, where there are enough runs to tell: 300 ms in the median, and never more than a second. */
export function wakeProblems(rows: readonly Row[]): string[] {
  const { times, median, longest } = wakesOf(rows, 'resilient');
  if (times.length < enoughRuns) return [];
  return [
    ...(median > 300
      ? [`After a wake signal ours is back after ${inMs(median)} in the median, not within 300 ms.`]
      : []),
    ...(longest > 1_000 ? [`After a wake signal ours is back after ${inMs(longest)} once, not within 1 s.`] : []),
  ];
}
const enoughRuns = 20;

const isWake = ({ scenario }: Row): boolean => scenario.wake === true;
/** These end with the browser's own `online`, besides whatever else the row is about. */
const endsOnline = ({ scenario: { fault, lasts, wake, realEnd } }: Row): boolean =>
  fault === 'disconnected' && /^\d+s$/.test(lasts) && !wake && !realEnd;

function wakesOf(rows: readonly Row[], side: Side, isOne = isWake) {
  const wakes = rows.filter(isOne);
  const played = wakes.flatMap(({ results, again = [] }) => [results, ...again].flatMap((one) => one[side] ?? []));
  const times = played.map(backAfter).toSorted((a, b) => a - b);
  const [median, longest] = [times[Math.floor((times.length - 1) / 2)] ?? 0, times.at(-1) ?? 0];
  return { wakes, times, median, longest };
}

function afterWake(rows: readonly Row[], side: Side): string[] {
  const { wakes, times, median, longest } = wakesOf(rows, side);
  if (times.length === 0) return [];
  const who = side === 'plain' ? 'plain' : 'ours';
  return [
    `After a wake signal, ${who}: median ${inMs(median)}, longest ${inMs(longest)} (${times.length} runs of ${wakes.length} rows)`,
  ];
}

/** Told and not judged: a page may be hidden, loading or out of the back/forward cache besides. */
function afterOnline(rows: readonly Row[], side: Side): string[] {
  const { wakes, times, median, longest } = wakesOf(rows, side, endsOnline);
  if (times.length === 0) return [];
  const who = side === 'plain' ? 'plain' : 'ours';
  return [
    `After \`disconnected\`, which ends with \`online\` too, ${who}: median ${inMs(median)}, longest ${inMs(longest)} (${times.length} runs of ${wakes.length} rows)`,
  ];
}

const backAfter = (result: SideResult): number =>
  (result.ok && result.outcome === 'recovers' ? result.measures.recoveredAfterMs : null) ?? Number.POSITIVE_INFINITY;

const inMs = (ms: number): string => (Number.isFinite(ms) ? `${ms} ms` : 'never');
const inSeconds = (ms: number | null): string =>
  ms === null ? '-' : Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never';
