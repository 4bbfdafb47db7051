import type { Row, SideResult } from './Row.ts';

/** How soon the user was back on either side, in the runs of a row, in milliseconds since the end of the fault; null: not by itself. */
export interface Comparison {
  readonly plainMs: ReadonlyArray<number | null>;
  readonly resilientMs: ReadonlyArray<number | null>;
  /** Of the medians, ours to plain; null where plain's median user is not back by itself, or at once. */
  readonly ratio: number | null;
  /** Every run of ours is later than every run of plain, and the medians differ by more than a person could notice. */
  readonly isSlower: boolean;
  /**
   * How likely runs that lie so are, or more to our disadvantage, if neither side is slower: the exact rank test, one-sided. 1/252 at five runs each of which all of
   * ours are later; of a hundred rows five are below 0.05 by chance.
   */
  readonly chance: number;
}

/** What nobody notices, in milliseconds: on a shared machine less than this is the machine. */
const unnoticeableMs = 100;

/** Pure: how the sides compare, or undefined where there is nothing to compare: a real end, one side alone, or a step of several, in whose times is what came before. */
export function comparisonOf({ scenario, life, results, again = [] }: Row): Comparison | undefined {
  if (life !== scenario.id || scenario.realEnd || !results.plain?.ok || !results.resilient?.ok) return undefined;
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
    chance: chanceOf(plainMs.map(orNever), resilientMs.map(orNever)),
  };
}

/** May ours be slower than plain, as far as these runs tell: less likely by chance than one in twenty, and for longer than anybody notices. */
export const isProbablySlower = ({ plainMs, resilientMs, chance }: Comparison): boolean =>
  chance <= 0.05 && median(resilientMs) - median(plainMs) > unnoticeableMs;

/** Of all ways to deal the times to the two sides, the share in which ours is later at least as often as it was (Mann and Whitney; a tie counts half). */
function chanceOf(plain: readonly number[], ours: readonly number[]): number {
  const all = [...plain, ...ours];
  const laterIn = (isOurs: (at: number) => boolean): number => {
    let later = 0;
    for (const [i, one] of all.entries())
      for (const [j, other] of all.entries())
        if (isOurs(i) && !isOurs(j)) later += one > other ? 1 : one === other ? 0.5 : 0;
    return later;
  };
  const seen = laterIn((at) => at >= plain.length);
  let [ways, asMuch] = [0, 0];
  for (const dealt of subsets(all.length, ours.length)) {
    ways++;
    if (laterIn((at) => dealt.has(at)) >= seen) asMuch++;
  }
  return asMuch / ways;
}

/** All choices of so many out of so many. */
function subsets(of: number, size: number): ReadonlyArray<ReadonlySet<number>> {
  if (size === 0) return [new Set()];
  if (of < size) return [];
  return [...subsets(of - 1, size), ...subsets(of - 1, size - 1).map((some) => new Set([...some, of - 1]))];
}

/** A user who was signed out meanwhile, or for whom functions ran as nobody, was not kept waiting: they were lost. */
const backAfter = (side: SideResult | undefined): number | null =>
  side?.ok && side.outcome === 'recovers' ? side.measures.recoveredAfterMs : null;

const orNever = (ms: number | null): number => ms ?? Number.POSITIVE_INFINITY;

function median(all: ReadonlyArray<number | null>): number {
  const sorted = all.map(orNever).toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
}
