import { join } from 'node:path';
import type { Engine } from './BrowserSeat.ts';
import { chooseLives, livesFor } from './chooseLives.ts';
import { comparisonTableOf } from './comparisonTableOf.ts';
import { createPlayer } from './createPlayer.ts';
import { playableLives } from './engineGaps.ts';
import { readExpectedPlain, writeExpectedPlain } from './expectedPlain.ts';
import { jsonOf } from './jsonOf.ts';
import type { Life } from './Life.ts';
import { openSeat } from './openSeat.ts';
import { type BenchOptions, readOptions, usage } from './options.ts';
import { isPlainFailing, problemsOf } from './problemsOf.ts';
import type { Row } from './Row.ts';
import { recoverySummaryOf, wakeProblems } from './recoverySummaryOf.ts';
import { playedCommit } from './report/playedCommit.ts';
import { writeReport } from './report/writeReport.ts';
import { type PageServer, servePage } from './servePage.ts';
import { tableOf } from './tableOf.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const options = readOptions(process.argv.slice(2));
  const commit = playedCommit();
  const before = await readExpectedPlain();
  const chosen = chooseLives(options, before);
  await installMissing(options.engines); // before an hour is spent on the first
  const page = await servePage();
  const rows: Row[] = [];
  let expected = before;
  try {
    for (const engine of options.engines) {
      const asked = livesFor(engine, options, chosen);
      if (asked.length === 0) say(`Nothing of this is the covering set: ${engine} is left out.`);
      else {
        const played = await playIn(engine, asked, page, options);
        rows.push(...played.rows);
        if (options.updateExpected) expected = await writeExpectedPlain(played.rows, expected);
        // After each engine: what was played is kept whatever becomes of the next.
        if (options.report !== undefined)
          await writeReport({ ...played, folder: options.report, expected, seed: options.seed, commit });
      }
    }
  } finally {
    page.close();
  }
  process.stdout.write(`${options.json ? JSON.stringify(rows.map(jsonOf), null, 2) : tableOf(rows)}\n`);

  const { seed, schedules } = options;
  const seeds = `${seed === 1 ? '' : ` --seed ${seed}`}${schedules === seed ? '' : ` --schedules ${schedules}`}`;
  const failed = rows.flatMap((row) => {
    const problems = problemsOf(row, expected);
    return problems.length > 0 ? [{ row, problems }] : [];
  });
  for (const { row, problems } of failed) {
    const again = `--clerk ${row.setup.clerk} --only ^${row.life}$${seeds}`;
    say(`FAILED ${row.scenario.id} (${again}), ${row.engine}: ${row.scenario.says}`);
    for (const problem of problems) say(`  - ${problem}`);
  }
  const short = rows.flatMap((row) => {
    const ours = row.results.resilient;
    return row.scenario.lasts === 'three_times' && ours?.ok && ours.recording.hits < 3
      ? [`${row.scenario.id} (${ours.recording.hits})`]
      : [];
  });
  if (short.length > 0) say(`Meant to hit three times, and hit ours less often: ${short.join(', ')}.`);
  const withPlain = rows.filter(({ results: { plain } }) => plain?.ok);
  const plainFails = withPlain.filter(({ results: { plain } }) => plain && isPlainFailing(plain));
  say(`Plain fails its user in ${plainFails.length} of the ${withPlain.length} rows that it was played in.`);
  for (const line of recoverySummaryOf(rows)) say(line);
  if (options.runs > 1) say(comparisonTableOf(rows));
  say(`Seed ${seed}, random schedules of seed ${schedules}, commit ${commit}.`);
  const late = wakeProblems(rows);
  for (const problem of late) say(`FAILED ${problem}`);
  const failures = failed.length + late.length;
  say(`${rows.length - failed.length} passed, ${failures} failed`);
  return failures === 0 ? 0 : 1;
}

async function playIn(
  engine: Engine,
  asked: readonly Life[],
  { url: pageUrl }: PageServer,
  { seed, concurrency, trace, runs }: BenchOptions,
) {
  const startedAt = Date.now();
  const seat = await openSeat(engine, say);
  try {
    const lives = playableLives(asked, seat);
    const count = (all: readonly Life[]) => all.reduce((sum, { steps }) => sum + steps.length, 0);
    if (count(lives) < count(asked))
      say(`${count(asked) - count(lives)} of ${count(asked)} rows need what ${engine} cannot do here: left out.`);
    const folder = trace === undefined ? {} : { trace: engine === 'chromium' ? trace : join(trace, engine) };
    const rows: Row[] = [];
    let played = 0;
    const playAtOnce = async (some: readonly Life[], atOnce: number): Promise<void> => {
      const player = createPlayer({ seat, pageUrl, seed, concurrency: atOnce, say, ...folder });
      rows.push(...(await player.playAgain(some, await player.play(some, 1), runs)));
      played += player.played();
    };
    const isOfWake = ({ steps }: Life) => steps.some(({ wake }) => wake);
    await playAtOnce(
      lives.filter((life) => !isOfWake(life)),
      concurrency,
    );
    await playAtOnce(lives.filter(isOfWake), Math.min(concurrency, quiet));
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    say(`${engine} ${seat.version}: ${played} runs in ${seconds} s.`);
    return { rows, seconds, engines: [`${engine} ${seat.version}`] };
  } finally {
    await seat.close();
  }
}

/** So many at once where a second counts: two cores that are busy take one for what an idle one does in a tenth. */
const quiet = 4;

interface Installer {
  installEngines(options: { names: readonly Engine[]; say: (line: string) => void }): Promise<void>;
}

/** Installs the engines that are not here; where it cannot, throws with what to do. */
async function installMissing(names: readonly Engine[]): Promise<void> {
  const installer: Installer = await import(new URL('../../scripts/engines.mjs', import.meta.url).href);
  await installer.installEngines({ names, say });
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
