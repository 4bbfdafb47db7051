import type { FrameState, Seen } from './protocol.ts';

/** A stretch of time in which one side looked the same. The last one has no end yet. */
export interface Stretch {
  readonly seen: Seen;
  readonly connected: boolean;
  readonly from: number;
  readonly to?: number;
}

export type Recording = readonly Stretch[];

const MAX_STRETCHES = 400;

/** Adds what a side looked like at a moment. */
export function record(recording: Recording, at: number, { seen, connected }: FrameState): Recording {
  const last = recording.at(-1);
  if (last && last.seen === seen && last.connected === connected) return recording;
  const closed = last ? [...recording.slice(0, -1), { ...last, to: Math.max(at, last.from) }] : [];
  return [...closed.slice(-MAX_STRETCHES), { seen, connected, from: at }];
}

/** Without the difference that the socket makes: what the eye sees. */
export const joined = (recording: Recording): Recording =>
  recording.reduce<Recording>((all, { seen, from, to }) => {
    const last = all.at(-1);
    const start = last?.seen === seen ? last.from : from;
    const before = last?.seen === seen ? all.slice(0, -1) : all;
    return [...before, { seen, connected: true, from: start, ...(to !== undefined && { to }) }];
  }, []);

/** The part of it from a moment on. */
export const since = (recording: Recording, at: number): Recording =>
  recording
    .filter(({ to }) => to === undefined || to > at)
    .map((stretch) => (stretch.from < at ? { ...stretch, from: at } : stretch));
