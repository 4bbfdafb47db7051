import { createPool } from './createPool.ts';
import { readExpectedPlain, writeExpectedPlain } from './expectedPlain.ts';
import { jsonOf } from './jsonOf.ts';
import { openBrowser } from './openBrowser.ts';
import { readOptions, usage } from './options.ts';
import { playSide } from './playSide.ts';
import { problemsOf } from './problemsOf.ts';
import type { Row, SideResult } from './Row.ts';
import { scenarios } from './scenarios.ts';
import { servePage } from './servePage.ts';
import { tableOf } from './tableOf.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const options = readOptions(process.argv.slice(2), scenarios);
  const startedAt = Date.now();
  const [page, browser] = await Promise.all([servePage(), openBrowser(say)]);
  try {
    const keys = options.scenarios.flatMap((scenario) => options.majors.map((clerk) => ({ scenario, clerk })));
    const runs = keys.flatMap((key) => options.sides.map((side) => ({ ...key, side })));
    const inPool = createPool(options.concurrency);
    const results = new Map<string, SideResult>();
    const nameOf = (run: { scenario: { id: string }; clerk: number; side: string }) =>
      `${run.scenario.id} clerk-js ${run.clerk} ${run.side}`;

    const { seed, trace } = options;
    await Promise.all(
      runs
        .toSorted((a, b) => b.scenario.takesSeconds - a.scenario.takesSeconds) // the longest first, so that none is left over at the end
        .map((run) =>
          inPool(async () => {
            const from = Date.now();
            const result = await playSide({
              ...run,
              browser,
              pageUrl: page.url,
              seed,
              ...(trace !== undefined && { trace }),
            });
            results.set(nameOf(run), result);
            const took = ((Date.now() - from) / 1_000).toFixed(0);
            say(
              `[${results.size}/${runs.length}] ${nameOf(run)}: ${result.ok ? result.outcome : `error: ${result.error}`} (${took} s)`,
            );
          }),
        ),
    );

    const rows: Row[] = keys.map((key) => ({
      ...key,
      results: Object.fromEntries(
        options.sides.map((side) => [side, results.get(nameOf({ ...key, side })) as SideResult]),
      ),
    }));
    const before = await readExpectedPlain();
    const expected = options.updateExpected ? await writeExpectedPlain(rows, before) : before;
    process.stdout.write(`${options.json ? JSON.stringify(rows.map(jsonOf), null, 2) : tableOf(rows)}\n`);

    const failed = rows.flatMap((row) => {
      const problems = problemsOf(row, expected);
      return problems.length > 0 ? [{ row, problems }] : [];
    });
    for (const { row, problems } of failed) {
      say(`FAILED ${row.scenario.id}, clerk-js ${row.clerk}: ${row.scenario.says}`);
      for (const problem of problems) say(`  - ${problem}`);
    }
    say(`${((Date.now() - startedAt) / 1_000).toFixed(0)} s for ${runs.length} runs.`);
    say(`${rows.length - failed.length} passed, ${failed.length} failed`);
    return failed.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
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
