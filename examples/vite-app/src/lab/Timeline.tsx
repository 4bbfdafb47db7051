import type { Seen } from './protocol.ts';
import { joined, type Recording, type Stretch, since } from './recording.ts';
import type { LabRun } from './useLab.ts';
import { STUCK_AFTER_MS, seconds } from './verdict.ts';

export interface TimelineProps {
  recording: Recording;
  run: LabRun | undefined;
  now: number;
}

const LEAD_MS = 1_000;
const SHORTEST_SPAN_MS = 15_000;
const LONGEST_SPAN_MS = 120_000;
/** As a share of the lane, about: a word that does not fit is left to the tooltip. */
const WIDTH_OF_A_LETTER = 0.014;

const words: Record<Seen | 'stuck', string> = {
  signed_in: 'signed in',
  refreshing: 'refreshing',
  blocked: 'says what is wrong',
  signed_out: 'signed out',
  loading: 'loading',
  reloading: 'reload',
  stuck: 'stuck',
};

/** Draws what one side's user saw, with the time of the fault above it. */
export function Timeline({ recording, run, now }: TimelineProps) {
  const from = Math.max(run ? run.startedAt - LEAD_MS : now - SHORTEST_SPAN_MS, now - LONGEST_SPAN_MS);
  const planned = run ? run.startedAt + run.scenario.durationMs + 5_000 : 0;
  const to = Math.max(from + SHORTEST_SPAN_MS, planned, now);
  const share = (ms: number) => `${(ms / (to - from)) * 100}%`;
  const place = (start: number, end: number) => ({
    insetInlineStart: share(Math.max(0, start - from)),
    inlineSize: share(Math.max(0, end - Math.max(start, from))),
  });

  // What was before the fault is left out, but for how the side looked when it came.
  const shown = recording.filter(({ to: end }) => !run || end === undefined || end > run.startedAt);
  const stretches = joined(since(shown, from)).flatMap((stretch) => splitStuck(stretch, run, now));
  const spoken = stretches.map(({ shown, from: start, to: end }) => `${words[shown]} ${seconds((end ?? now) - start)}`);
  return (
    <figure className="timeline">
      <div className="lane lane-fault">
        {run ? (
          <span className="fault" style={place(run.startedAt, run.endedAt ?? now)}>
            {run.scenario.fault}
          </span>
        ) : null}
      </div>
      <div className="lane" data-testid="timeline">
        {stretches.map(({ shown, from: start, to: end }) => {
          const width = ((end ?? now) - start) / (to - from);
          return (
            <span
              key={`${start} ${shown}`}
              className={`stretch stretch-${shown}`}
              data-seen={shown}
              title={`${words[shown]}, ${seconds((end ?? now) - start)}`}
              style={place(start, end ?? now)}
            >
              {width > words[shown].length * WIDTH_OF_A_LETTER ? words[shown] : ''}
            </span>
          );
        })}
      </div>
      <div className="axis" aria-hidden="true">
        {ticks(to - from).map((ms) => (
          <span key={ms} className="tick" style={{ insetInlineStart: share(ms) }}>
            {run ? seconds0(from + ms - run.startedAt) : ''}
          </span>
        ))}
      </div>
      <figcaption className="visually-hidden">{spoken.join(', ')}</figcaption>
    </figure>
  );
}

type ShownStretch = Stretch & { readonly shown: Seen | 'stuck' };

/** A page that still waits when the fault has been over for a while is stuck from then on. */
function splitStuck(stretch: Stretch, run: LabRun | undefined, now: number): ShownStretch[] {
  const { seen, from, to } = stretch;
  const stuckFrom =
    run?.endedAt === undefined ? Number.POSITIVE_INFINITY : Math.max(from, run.endedAt + STUCK_AFTER_MS);
  if ((seen !== 'loading' && seen !== 'refreshing') || stuckFrom >= (to ?? now)) return [{ ...stretch, shown: seen }];
  const before = stuckFrom > from ? [{ ...stretch, to: stuckFrom, shown: seen }] : [];
  return [...before, { ...stretch, from: stuckFrom, shown: 'stuck' }];
}

/** Where the axis has a number: not at its very end, where it would be cut off. */
function ticks(spanMs: number): number[] {
  const step = [5_000, 10_000, 20_000, 30_000].find((candidate) => spanMs / candidate <= 6) ?? 60_000;
  const count = Math.floor((spanMs * 0.95 - LEAD_MS) / step) + 1;
  return Array.from({ length: count }, (_, index) => LEAD_MS + index * step);
}

const seconds0 = (ms: number): string => `${Math.round(ms / 1000)} s`;
