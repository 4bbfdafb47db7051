import type { BrowserSeat } from './BrowserSeat.ts';
import { comparisonOf } from './comparison.ts';
import { createPool } from './createPool.ts';
import type { Life } from './Life.ts';
import { playLife } from './playLife.ts';
import { saysSomething } from './problemsOf.ts';
import type { Row, SideResult } from './Row.ts';
import type { Side } from './sides.ts';

export interface PlayerOptions {
  readonly seat: BrowserSeat;
  readonly pageUrl: string;
  readonly seed: number;
  /** Browsers at once. */
  readonly concurrency: number;
  readonly trace?: string;
  readonly say: (line: string) => void;
}

/** Plays lives, so many at once. */
export interface Player {
  /** Each life once on each of its sides; a row for each of its steps. */
  play(lives: readonly Life[], run: number): Promise<Row[]>;
  /** Plays those rows again in which ours came back later than plain, and those of wake signals, until there are so many runs of each. */
  playAgain(lives: readonly Life[], rows: readonly Row[], runs: number): Promise<Row[]>;
  /** How many browsers were started. */
  played(): number;
}

export function createPlayer({ concurrency, say, ...options }: PlayerOptions): Player {
  const inPool = createPool(concurrency);
  let planned = 0;
  let ended = 0;

  async function playSide(life: Life, side: Side, run: number): Promise<SideResult[]> {
    const from = Date.now();
    const results = await playLife({ ...options, life, side, run });
    const took = ((Date.now() - from) / 1_000).toFixed(0);
    say(`[${++ended}/${planned}] ${life.id} clerk-js ${life.setup.clerk} ${side}: ${shortly(results)} (${took} s)`);
    return results;
  }

  async function play(lives: readonly Life[], run: number): Promise<Row[]> {
    planned += lives.reduce((sum, life) => sum + life.sides.length, 0);
    const results = new Map<Life, ReadonlyArray<readonly [Side, SideResult[]]>>();
    const longestFirst = lives.toSorted((a, b) => b.takesSeconds - a.takesSeconds); // so that none is left over at the end
    await Promise.all(
      longestFirst.map(async (life) => {
        const bySide = life.sides.map(async (side) => [side, await inPool(() => playSide(life, side, run))] as const);
        results.set(life, await Promise.all(bySide));
      }),
    );
    return lives.flatMap((life) =>
      life.steps.map((scenario, i) => ({
        scenario,
        setup: life.setup,
        engine: options.seat.engine,
        life: life.id,
        results: Object.fromEntries(
          (results.get(life) ?? []).flatMap(([side, steps]) => {
            const result = steps[i];
            if (!result || (side === 'plain' && life.plainIsLoadedAnew && !saysSomething(result))) return [];
            return [[side, result]];
          }),
        ),
      })),
    );
  }

  return {
    play,
    async playAgain(lives, rows, runs) {
      const later = new Set(rows.filter(isOursLater).map(keyOf));
      // The steps of a longer life are not alone in their page: what came before is in their times too.
      const suspects = lives.filter(
        ({ id, setup, steps }) => steps.length === 1 && (steps[0]?.wake || later.has(`${id} ${setup.clerk}`)),
      );
      if (suspects.length === 0) return [...rows];
      const more = await Promise.all(Array.from({ length: runs - 1 }, (_, i) => play(suspects, i + 2)));
      return rows.map((row) => {
        const again = more.flat().flatMap((other) => (keyOf(other) === keyOf(row) ? [other.results] : []));
        return again.length > 0 ? { ...row, again } : row;
      });
    },
    played: () => ended,
  };
}

const keyOf = ({ scenario, setup }: Row): string => `${scenario.id} ${setup.clerk}`;

function isOursLater(row: Row): boolean {
  const comparison = comparisonOf(row);
  const [plain, ours] = [comparison?.plainMs[0], comparison?.resilientMs[0]];
  return typeof plain === 'number' && plain < (ours ?? Number.POSITIVE_INFINITY);
}

/** What became of a life's steps, in a line. */
function shortly(played: readonly SideResult[]): string {
  const counts = new Map<string, number>();
  for (const result of played) {
    const word = result.ok ? result.outcome : `error: ${result.error}`;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, n]) => (n === 1 ? word : `${n} x ${word}`)).join(', ');
}
