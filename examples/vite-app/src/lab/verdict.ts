import type { SideStats } from './protocol.ts';
import { type Recording, type Stretch, since } from './recording.ts';

/** A scenario as it was, or is being, run. */
export interface Run {
  readonly rightEnd: 'signed_in' | 'signed_out';
  readonly startedAt: number;
  /** Absent while the fault lasts. */
  readonly endedAt?: number;
}

export interface Verdict {
  readonly tone: 'good' | 'busy' | 'bad' | 'idle';
  readonly headline: string;
  readonly detail: string;
}

/** After the fault, a page that is still waiting this long is stuck. */
export const STUCK_AFTER_MS = 6_000;
/** One that says what is wrong looks seldom whether it has been put right. */
const BLOCKED_FOR_MS = 40_000;
/** A recovery that takes longer than this is worth a frown. */
const LATE_MS = 10_000;

/** What one side's user would say about it. */
export function judge(run: Run, recording: Recording, stats: SideStats | undefined, now: number): Verdict {
  const during = since(recording, run.startedAt);
  return run.rightEnd === 'signed_in' ? judgeStay(run, during, stats, now) : judgeEnd(run, during, now);
}

function judgeStay(run: Run, during: Recording, stats: SideStats | undefined, now: number): Verdict {
  const last = during.at(-1);
  if (!last) return { tone: 'idle', headline: 'Waiting for the app', detail: '' };
  const out = during.find(({ seen }) => seen === 'signed_out');
  if (out) return judgeLoss(run, out.from, last, now);
  if (run.endedAt === undefined) return judgeDuring(last, stats);
  const over = now - run.endedAt;
  if (last.seen !== 'signed_in' || !last.connected) return judgeWait(last, over);
  return judgeRecovery(run.endedAt, during, stats, over);
}

function judgeLoss(run: Run, outAt: number, last: Stretch, now: number): Verdict {
  const headline = `Signed out after ${seconds(outAt - run.startedAt)}.`;
  if (last.seen !== 'signed_out') return { tone: 'bad', headline, detail: 'It came back later.' };
  const overFor = run.endedAt === undefined ? 0 : now - Math.max(run.endedAt, last.from);
  const detail = overFor > 2_000 ? 'All is well again, but only a reload helps.' : 'The user sees the sign-in page.';
  return { tone: 'bad', headline, detail };
}

function judgeDuring({ seen }: Stretch, stats: SideStats | undefined): Verdict {
  const failed = stats?.faulted ? `${count(stats.faulted, 'failed request')} so far` : 'Nothing failed yet';
  switch (seen) {
    case 'loading':
    case 'reloading':
      return { tone: 'busy', headline: 'Loading.', detail: 'The page waits for Clerk.' };
    case 'refreshing':
      return { tone: 'busy', headline: 'Still signed in.', detail: `${failed}. Waiting for a fresh token.` };
    case 'blocked':
      return { tone: 'busy', headline: 'Still signed in.', detail: 'The app says that something must be put right.' };
    default:
      return { tone: 'good', headline: 'Still signed in.', detail: `${failed}.` };
  }
}

function judgeWait({ seen }: Stretch, over: number): Verdict {
  if (seen === 'blocked' && over < BLOCKED_FOR_MS) {
    return {
      tone: 'busy',
      headline: 'Still signed in.',
      detail: 'It looks every half minute whether it is put right.',
    };
  }
  if (over < STUCK_AFTER_MS) {
    const headline = seen === 'loading' || seen === 'reloading' ? 'Loading.' : 'Still signed in.';
    return { tone: 'busy', headline, detail: `Recovering for ${seconds(over)}.` };
  }
  const headline = `Stuck for ${seconds(over)}.`;
  return { tone: 'bad', headline, detail: 'All is well again, and the page does not notice.' };
}

function judgeRecovery(endedAt: number, during: Recording, stats: SideStats | undefined, over: number): Verdict {
  const headline = 'Still signed in.';
  const failed = stats?.faulted ? `${count(stats.faulted, 'failed request')}, ` : '';
  const recoveredAt = recovery(endedAt, during, stats);
  if (recoveredAt === undefined) {
    return { tone: 'busy', headline, detail: `${failed}no fresh token yet, ${seconds(over)} after the fault.` };
  }
  const late = recoveredAt - endedAt;
  const when = late <= 0 ? 'never interrupted' : `recovered ${seconds(late)} after the fault`;
  return { tone: late > LATE_MS ? 'busy' : 'good', headline, detail: sentence(`${failed}${when}.`) };
}

/** When the side worked again: signed in, connected, and with a fresh token if one had failed. */
function recovery(endedAt: number, during: Recording, stats: SideStats | undefined): number | undefined {
  const shown = during.findLast(({ seen, connected }) => seen === 'signed_in' && connected)?.from ?? endedAt;
  if (!stats?.faultedTokens) return shown;
  return stats.goodTokenAt === null ? undefined : Math.max(shown, stats.goodTokenAt);
}

function judgeEnd(run: Run, during: Recording, now: number): Verdict {
  const last = during.at(-1);
  const out = during.find(({ seen }) => seen === 'signed_out');
  if (!last) return { tone: 'idle', headline: 'Waiting for the app', detail: '' };
  if (!out) {
    if (run.endedAt === undefined || now - run.endedAt < STUCK_AFTER_MS)
      return { tone: 'busy', headline: 'Not signed out yet.', detail: `For ${seconds(now - run.startedAt)}.` };
    return last.seen === 'signed_in'
      ? { tone: 'bad', headline: 'Still signed in.', detail: 'The user asked to be signed out, and is not.' }
      : { tone: 'bad', headline: 'Stuck.', detail: 'Neither signed in nor out.' };
  }
  const headline = `Signed out after ${seconds(out.from - run.startedAt)}, as it should be.`;
  const back = during.find(({ seen, from }) => from > out.from && (seen === 'signed_in' || seen === 'refreshing'));
  if (back) return { tone: 'bad', headline: 'Signed in again.', detail: 'The sign-out was undone by a reload.' };
  if (last.seen !== 'signed_out') {
    const waited = now - last.from;
    if (waited > STUCK_AFTER_MS)
      return { tone: 'bad', headline: `Stuck for ${seconds(waited)}.`, detail: 'Neither signed in nor out.' };
    return { tone: 'busy', headline: 'Signed out.', detail: 'The page is loading again.' };
  }
  return { tone: 'good', headline, detail: run.endedAt === undefined ? '' : 'And it stays that way.' };
}

export const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
