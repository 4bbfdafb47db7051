'use client';
import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { type TimelineEntry, type TimelineKind, timelineKinds } from './createTimeline.ts';
import { isoTime, offset } from './times.ts';

const names: Record<TimelineKind, string> = {
  requests: 'Requests',
  waits: 'Waits',
  wakes: 'Wakes',
  tabs: 'Tabs',
  convex: 'Convex',
  session: 'Session',
};

/**
 * What happened, the newest last. A log that is not live: a screen reader reads it when asked, not at each of the events of an
 * outage.
 */
export const TimelineView = memo(function TimelineView({
  entries,
  startedAt,
  onClear,
}: {
  readonly entries: readonly TimelineEntry[];
  readonly startedAt: number;
  readonly onClear: () => void;
}): ReactNode {
  const [hidden, setHidden] = useState<ReadonlySet<TimelineKind>>(new Set());
  /** What was there when it was paused. What happens meanwhile is written down all the same. */
  const [paused, setPaused] = useState<readonly TimelineEntry[] | null>(null);
  const log = useRef<HTMLDivElement>(null);
  const shown = (paused ?? entries).filter(({ kinds }) => kinds.some((kind) => !hidden.has(kind)));
  const newest = shown.at(-1)?.id;
  useEffect(() => {
    const box = log.current;
    if (newest !== undefined && box && !paused) box.scrollTop = box.scrollHeight;
  }, [newest, paused]);
  const toggle = (kind: TimelineKind): void => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    setHidden(next);
  };
  return (
    <>
      <h3>Timeline</h3>
      <fieldset className="ccr-dt-row" aria-label="What the timeline shows">
        {timelineKinds.map((kind) => (
          <button key={kind} type="button" aria-pressed={!hidden.has(kind)} onClick={() => toggle(kind)}>
            {names[kind]}
          </button>
        ))}
        <button type="button" aria-pressed={paused !== null} onClick={() => setPaused(paused ? null : entries)}>
          Pause
        </button>
        <button
          type="button"
          onClick={() => {
            setPaused(null);
            onClear();
          }}
        >
          Clear
        </button>
      </fieldset>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard */}
      <div ref={log} role="log" aria-live="off" aria-label="Timeline" tabIndex={0} className="ccr-dt-log">
        <ol>
          {shown.map(({ id, at, text }) => (
            <li key={id}>
              <time dateTime={isoTime(at)} title={isoTime(at)}>
                {offset(at - startedAt)}
              </time>
              {text}
            </li>
          ))}
        </ol>
        {shown.length === 0 && <p>Nothing yet.</p>}
      </div>
    </>
  );
});
