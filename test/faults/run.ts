import { chooseLives } from './chooseLives.ts';
import { createPool } from './createPool.ts';
import { playableLives } from './engineGaps.ts';
import { readExpectedPlain, writeExpectedPlain } from './expectedPlain.ts';
import { jsonOf } from './jsonOf.ts';
import type { Life } from './Life.ts';
import { openSeat } from './openSeat.ts';
import { readOptions, usage } from './options.ts';
import { playLife } from './playLife.ts';
import { isPlainFailing, problemsOf } from './problemsOf.ts';
import type { Row, SideResult } from './Row.ts';
import { writeReport } from './report/writeReport.ts';
import { servePage } from './servePage.ts';
import type { Side } from './sides.ts';
import { tableOf } from './tableOf.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const options = readOptions(process.argv.slice(2));
  const before = await readExpectedPlain();
  const asked = chooseLives(options, before);
  const startedAt = Date.now();
  const [page, seat] = await Promise.all([servePage(), openSeat(options.engine, say)]);
  try {
    const lives = playableLives(asked, seat);
    const count = (all: readonly Life[]) => all.reduce((sum, { steps }) => sum + steps.length, 0);
    if (count(lives) < count(asked))
      say(`${count(asked) - count(lives)} of ${count(asked)} rows need what ${seat.engine} cannot do here: left out.`);
    const runs = lives.flatMap((life) => life.sides.map((side) => ({ life, side })));
    const inPool = createPool(options.concurrency);
    const results = new Map<string, SideResult[]>();
    const nameOf = (life: Life, side: Side) => `${life.id} clerk-js ${life.setup.clerk} ${side}`;

    const { seed, trace } = options;
    await Promise.all(
      runs
        .toSorted((a, b) => b.life.takesSeconds - a.life.takesSeconds) // the longest first, so that none is left over at the end
        .map(({ life, side }) =>
          inPool(async () => {
            const from = Date.now();
            const played = await playLife({
              life,
              side,
              seat,
              pageUrl: page.url,
              seed,
              ...(trace !== undefined && { trace }),
            });
            results.set(nameOf(life, side), played);
            const took = ((Date.now() - from) / 1_000).toFixed(0);
            say(`[${results.size}/${runs.length}] ${nameOf(life, side)}: ${shortly(played)} (${took} s)`);
          }),
        ),
    );

    const rows: Row[] = lives.flatMap((life) =>
      life.steps.map((scenario, i) => ({
        scenario,
        setup: life.setup,
        engine: seat.engine,
        life: life.id,
        results: Object.fromEntries(
          life.sides.map((side) => [side, results.get(nameOf(life, side))?.[i] as SideResult]),
        ),
      })),
    );
    const expected = options.updateExpected ? await writeExpectedPlain(rows, before) : before;
    process.stdout.write(`${options.json ? JSON.stringify(rows.map(jsonOf), null, 2) : tableOf(rows)}\n`);

    const failed = rows.flatMap((row) => {
      const problems = problemsOf(row, expected);
      return problems.length > 0 ? [{ row, problems }] : [];
    });
    for (const { row, problems } of failed) {
      say(`FAILED ${row.scenario.id}, clerk-js ${row.setup.clerk}: ${row.scenario.says}`);
      for (const problem of problems) say(`  - ${problem}`);
    }
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    if (options.report !== undefined)
      await writeReport({
        folder: options.report,
        rows,
        expected,
        seed,
        engines: [`${seat.engine} ${seat.version}`],
        seconds,
      });
    const withPlain = rows.filter(({ results: { plain } }) => plain?.ok);
    const plainFails = withPlain.filter(({ results: { plain } }) => plain && isPlainFailing(plain));
    say(`Plain fails its user in ${plainFails.length} of the ${withPlain.length} rows that it was played in.`);
    say(`Seed ${seed}, ${seat.engine} ${seat.version}, ${runs.length} runs in ${seconds} s.`);
    say(`${rows.length - failed.length} passed, ${failed.length} failed`);
    return failed.length === 0 ? 0 : 1;
  } finally {
    await seat.close();
    page.close();
  }
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
