import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { ClerkMajor } from './buildPage.ts';
import { measure } from './measure.ts';
import { outcomeOf } from './outcome.ts';
import type { Recording } from './Recording.ts';
import type { SideResult } from './Row.ts';
import type { Scenario } from './Scenario.ts';
import { Stage } from './Stage.ts';
import { seedOf } from './seedOf.ts';
import type { Side } from './sides.ts';

export interface PlaySideOptions {
  browser: Browser;
  pageUrl: string;
  scenario: Scenario;
  clerk: ClerkMajor;
  side: Side;
  seed: number;
  trace?: string;
}

/** Plays a scenario on one side. An error of the harness is a result too: it fails the row and no other. */
export async function playSide({ trace, seed, ...run }: PlaySideOptions): Promise<SideResult> {
  const name = `${run.scenario.id}-${run.clerk}-${run.side}`;
  let stage: Stage | undefined;
  try {
    stage = await Stage.open({ ...run, seed: seedOf(seed, name) });
    const recording = await Promise.race([play(run.scenario, stage), tooLong(run.scenario)]);
    const measures = measure(recording);
    const outcome = outcomeOf(recording, measures);
    if (trace !== undefined) {
      await mkdir(trace, { recursive: true });
      await writeFile(join(trace, `${name}.json`), JSON.stringify({ outcome, measures, ...recording }, null, 1));
    }
    return { ok: true, measures, outcome, recording };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  } finally {
    await stage?.close();
  }
}

async function play(scenario: Scenario, stage: Stage): Promise<Recording> {
  await scenario.play(stage);
  return stage.finish();
}

/** A run that comes to no end is a failure of the harness, and must not hold up the others. */
async function tooLong({ takesSeconds }: Scenario): Promise<never> {
  const seconds = 90 + 2 * takesSeconds;
  await sleep(seconds * 1_000, undefined, { ref: false });
  throw new Error(`came to no end within ${seconds} s`);
}
