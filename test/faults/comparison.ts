import type { Row, SideResult } from './Row.ts';

/** How soon the user was back on either side, in the runs of a row, in milliseconds since the end of the fault; null: not by itself. */
export interface Comparison {
  readonly plainMs: ReadonlyArray<number | null>;
  readonly resilientMs: ReadonlyArray<number | null>;
  /** Of the medians, ours to plain; null where plain's median user is not back by itself, or at once. */
  readonly ratio: number | null;
  /** Every run of ours is later than every run of plain, and the medians differ by more than a person could notice. */
  readonly isSlower: boolean;
}

/** What nobody notices, in milliseconds: on a shared machine less than this is the machine. */
const unnoticeableMs = 100;

/** Pure: how the sides compare, or undefined where there is nothing to compare: a real end, or one side alone. */
export function comparisonOf({ scenario, results, again = [] }: Row): Comparison | undefined {
  if (scenario.realEnd || !results.plain?.ok || !results.resilient?.ok) return undefined;
  const all = [results, ...again];
  const plainMs = all.map(({ plain }) => backAfter(plain));
  const resilientMs = all.map(({ resilient }) => backAfter(resilient));
  const [plain, ours] = [median(plainMs), median(resilientMs)];
  const isApart = Math.min(...resilientMs.map(orNever)) > Math.max(...plainMs.map(orNever));
  return {
    plainMs,
    resilientMs,
    ratio: plain === Number.POSITIVE_INFINITY || plain === 0 ? null : Math.round((ours / plain) * 100) / 100,
    isSlower: isApart && ours - plain > unnoticeableMs,
  };
}

/** A user who was signed out meanwhile, or for whom functions ran as nobody, was not kept waiting: they were lost. */
const backAfter = (side: SideResult | undefined): number | null =>
  side?.ok && side.outcome === 'recovers' ? side.measures.recoveredAfterMs : null;

const orNever = (ms: number | null): number => ms ?? Number.POSITIVE_INFINITY;

function median(all: ReadonlyArray<number | null>): number {
  const sorted = all.map(orNever).toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
}
