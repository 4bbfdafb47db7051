import type { SideStats } from './protocol.ts';
import { type Recording, since } from './recording.ts';

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

/** What one side's user would say about it. */
export function judge(run: Run, recording: Recording, stats: SideStats | undefined, now: number): Verdict {
  const during = since(recording, run.startedAt);
  return run.rightEnd === 'signed_in' ? judgeStay(run, during, stats, now) : judgeEnd(run, during, now);
}

function judgeStay(run: Run, during: Recording, stats: SideStats | undefined, now: number): Verdict {
  const last = during.at(-1);
  const out = during.find(({ seen }) => seen === 'signed_out');
  if (!last) return { tone: 'idle', headline: 'Waiting for the app', detail: '' };

  if (out) {
    const headline = `Signed out after ${seconds(out.from - run.startedAt)}.`;
    if (last.seen !== 'signed_out') return { tone: 'bad', headline, detail: 'It came back later.' };
    const overFor = run.endedAt === undefined ? -1 : now - Math.max(run.endedAt, last.from);
    if (overFor < 2_000) return { tone: 'bad', headline, detail: 'The user sees the sign-in page.' };
    return { tone: 'bad', headline, detail: 'All is well again, but only a reload helps.' };
  }

  if (run.endedAt === undefined) {
    const failed = stats?.faulted ?? 0;
    const detail =
      failed > 0 ? `${count(failed, 'failed request')} so far, none of them visible.` : 'Nothing failed yet.';
    if (last.seen === 'loading' || last.seen === 'reloading')
      return { tone: 'busy', headline: 'Loading.', detail: 'The page waits for Clerk.' };
    return { tone: last.seen === 'refreshing' ? 'busy' : 'good', headline: 'Still signed in.', detail };
  }

  const over = now - run.endedAt;
  if (last.seen !== 'signed_in' || !last.connected) {
    if (over < STUCK_AFTER_MS)
      return {
        tone: 'busy',
        headline: last.seen === 'loading' ? 'Loading.' : 'Still signed in.',
        detail: `Recovering for ${seconds(over)}.`,
      };
    return {
      tone: 'bad',
      headline: `Stuck for ${seconds(over)}.`,
      detail: 'All is well again, and the page does not notice.',
    };
  }

  const retries = stats ? `${count(stats.faulted, 'failed request')}, ` : '';
  const recoveredAt = recovery(run.endedAt, during, stats);
  if (recoveredAt === undefined) {
    if (over < STUCK_AFTER_MS) return { tone: 'busy', headline: 'Still signed in.', detail: 'Fetching a fresh token.' };
    return { tone: 'busy', headline: 'Still signed in.', detail: `${retries}no fresh token for ${seconds(over)}.` };
  }
  const late = recoveredAt - run.endedAt;
  return {
    tone: 'good',
    headline: 'Still signed in.',
    detail: `${retries}${late <= 0 ? 'never stopped working' : `recovered ${seconds(late)} after the fault`}.`,
  };
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
