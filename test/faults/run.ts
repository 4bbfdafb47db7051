import { chooseLives } from './chooseLives.ts';
import { comparisonTableOf } from './comparisonTableOf.ts';
import { createPlayer } from './createPlayer.ts';
import { playableLives } from './engineGaps.ts';
import { readExpectedPlain, writeExpectedPlain } from './expectedPlain.ts';
import { jsonOf } from './jsonOf.ts';
import type { Life } from './Life.ts';
import { openSeat } from './openSeat.ts';
import { readOptions, usage } from './options.ts';
import { isPlainFailing, problemsOf } from './problemsOf.ts';
import { writeReport } from './report/writeReport.ts';
import { servePage } from './servePage.ts';
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
    const { seed, concurrency, trace } = options;
    const player = createPlayer({
      seat,
      pageUrl: page.url,
      seed,
      concurrency,
      say,
      ...(trace !== undefined && { trace }),
    });
    const rows = await player.playAgain(lives, await player.play(lives, 1), options.runs);
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
    if (options.runs > 1) say(comparisonTableOf(rows));
    say(`Seed ${seed}, ${seat.engine} ${seat.version}, ${player.played()} runs in ${seconds} s.`);
    say(`${rows.length - failed.length} passed, ${failed.length} failed`);
    return failed.length === 0 ? 0 : 1;
  } finally {
    await seat.close();
    page.close();
  }
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
