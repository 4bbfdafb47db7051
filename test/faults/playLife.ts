import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserSeat } from './BrowserSeat.ts';
import type { Life } from './Life.ts';
import { measure } from './measure.ts';
import { outcomeOf } from './outcome.ts';
import type { Recording } from './Recording.ts';
import type { SideResult } from './Row.ts';
import type { Scenario } from './Scenario.ts';
import { notKept, Stage } from './Stage.ts';
import { seedOf } from './seedOf.ts';
import type { Side } from './sides.ts';

export interface PlayLifeOptions {
  seat: BrowserSeat;
  pageUrl: string;
  life: Life;
  side: Side;
  seed: number;
  /** The first is 1. */
  run: number;
  trace?: string;
}

/** Plays a life on one side: a result for each of its steps. An error of the harness is a result too: it fails that step and those after it. */
export async function playLife({
  life,
  side,
  seed,
  run,
  trace,
  seat,
  pageUrl,
}: PlayLifeOptions): Promise<SideResult[]> {
  const nth = run === 1 ? '' : `-run${run}`;
  const name = `${life.id}-${life.setup.clerk}-${side}${nth}`;
  const results: SideResult[] = [];
  let stage: Stage | undefined;
  try {
    const isLoadedAnew = side === 'plain' && life.plainIsLoadedAnew === true;
    stage = await Stage.open({ seat, pageUrl, setup: life.setup, side, seed: seedOf(seed, name), isLoadedAnew });
    for (const step of life.steps) {
      const playing = playStep(step, stage);
      const result = await Promise.race([isLoadedAnew ? playing.catch(asResult) : playing, tooLong(life)]);
      if (!result.ok) await stage.abandon({ pageIsGone: true });
      results.push(result);
      if (trace !== undefined && result.ok) {
        await mkdir(trace, { recursive: true });
        const { measures, outcome, recording } = result;
        await writeFile(
          join(trace, `${`${step.id}-${life.setup.clerk}-${side}${nth}`.replaceAll('/', '+')}.json`),
          JSON.stringify({ setup: life.setup, outcome, measures, ...recording }, null, 1),
        );
      }
    }
  } catch (error) {
    results.push(asResult(error));
  } finally {
    await stage?.close();
  }
  while (results.length < life.steps.length)
    results.push({ ok: false, error: 'was not reached: an earlier step of this life came to no end' });
  return results;
}

const asResult = (error: unknown): SideResult => ({
  ok: false,
  error: error instanceof Error ? error.message : String(error),
});

async function playStep(step: Scenario, stage: Stage): Promise<SideResult> {
  let recording: Recording | undefined;
  try {
    recording = await playOnce(step, stage);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith(notKept))) throw error;
    await stage.abandon({ pageIsGone: true });
  }
  if (!recording || recording.untrue.some((why) => why.startsWith(notKept))) {
    // Such a row says nothing of anybody. It is Chromium's choice, and rare: on a busy machine a lock of clerk-js's is wanted just then.
    recording = await playOnce(step, stage);
  }
  const measures = measure(recording);
  return { ok: true, measures, outcome: outcomeOf(recording, measures), recording };
}

async function playOnce(step: Scenario, stage: Stage): Promise<Recording> {
  await step.play(stage);
  return stage.finish();
}

/** A step that comes to no end is a failure of the harness, and must not hold up the others. */
async function tooLong({ takesSeconds }: Life): Promise<never> {
  const seconds = 90 + 2 * takesSeconds;
  await sleep(seconds * 1_000, undefined, { ref: false });
  throw new Error(`came to no end within ${seconds} s`);
}
