import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { FrameCommand, FrameOrder, FrameReport, FrameState, LabStats, Side } from './protocol.ts';
import { SIDES } from './protocol.ts';
import { type Recording, record } from './recording.ts';
import { type LabHands, mend, runScenario, signBothIn } from './runScenario.ts';
import type { Scenario } from './scenarios.ts';
import { fetchStats, order } from './server.ts';
import { sleep } from './sleep.ts';
import { useNow } from './useNow.ts';
import { useStats } from './useStats.ts';
import type { Run } from './verdict.ts';

/** What the lab is doing. */
export type Phase = 'idle' | 'preparing' | 'fault' | 'after';

export interface LabRun extends Run {
  readonly scenario: Scenario;
}

export interface Lab {
  readonly phase: Phase;
  readonly scenario: Scenario | undefined;
  readonly run: LabRun | undefined;
  readonly recordings: Readonly<Record<Side, Recording>>;
  readonly stats: LabStats | undefined;
  readonly error: string | undefined;
  readonly isReady: boolean;
  readonly now: number;
  attach(side: Side, frame: HTMLIFrameElement | null): void;
  start(scenario: Scenario): void;
  mendAll(): void;
  startOver(): void;
  tellBoth(command: FrameCommand): void;
}

export const frameUrl = (side: Side): string => `http://${side}.${location.host}/frame.html?side=${side}`;
const frameOrigin = (side: Side): string => new URL(frameUrl(side)).origin;

/** The lab's state: what the frames report, and the run that is on. */
export function useLab(): Lab {
  const frames = useRef<Partial<Record<Side, HTMLIFrameElement>>>({});
  const states = useRef<Partial<Record<Side, FrameState>>>({});
  const job = useRef<AbortController>(undefined);
  const [recordings, setRecordings] = useState<Record<Side, Recording>>({ plain: [], ours: [] });
  const [isReady, setReady] = useState(false);
  const [phase, setPhase] = useState<Phase>('idle');
  const [scenario, setScenario] = useState<Scenario>();
  const [run, setRun] = useState<LabRun>();
  const [stats, setStats] = useState<LabStats>();
  const [error, setError] = useState<string>();
  const now = useNow(phase === 'idle' ? 1_000 : 100);

  useEffect(() => {
    const onReport = ({ origin, data }: MessageEvent<FrameReport>) => {
      if (data?.kind !== 'lab_report' || origin !== frameOrigin(data.side)) return;
      states.current[data.side] = data.state;
      setReady(SIDES.every((side) => states.current[side]?.seen === 'signed_in'));
      setRecordings((all) => ({ ...all, [data.side]: record(all[data.side], data.at, data.state) }));
    };
    addEventListener('message', onReport);
    return () => removeEventListener('message', onReport);
  }, []);

  const hands = useMemo<LabHands>(
    () => ({
      order,
      tell: (side, command) => {
        const message: FrameOrder = { kind: 'lab_order', command };
        frames.current[side]?.contentWindow?.postMessage(message, frameOrigin(side));
      },
      look: (side) => states.current[side],
      hasFreshTokens: async (since) => {
        const counted = await fetchStats(since, since);
        return SIDES.every((side) => counted[side].goodTokenAt !== null);
      },
      sleep,
      onPrepare: (next) => {
        setError(undefined);
        setStats(undefined);
        setRun(undefined);
        setScenario(next);
        setPhase('preparing');
      },
      onFault: (next, startedAt) => {
        setRun({ scenario: next, rightEnd: next.rightEnd, startedAt });
        setPhase('fault');
      },
      onMended: (endedAt) => {
        setRun((current) => current && { ...current, endedAt });
        setPhase('after');
      },
    }),
    [],
  );

  const begin = useCallback((work: (signal: AbortSignal) => Promise<void>) => {
    job.current?.abort();
    const controller = new AbortController();
    job.current = controller;
    work(controller.signal).catch((cause: unknown) => {
      if (controller.signal.aborted) return;
      setError(cause instanceof Error ? cause.message : String(cause));
      setPhase('idle');
    });
  }, []);

  // The first sign-in, and none later but before a run: a side that lost its user stays as it is.
  useEffect(() => {
    begin((signal) => order({ mend: true }).then(() => signBothIn(hands, signal, 'sign_in')));
    return () => job.current?.abort();
  }, [begin, hands]);

  useStats(run, phase, setStats, setPhase);

  return {
    phase,
    scenario,
    run,
    recordings,
    stats,
    error,
    isReady,
    now,
    attach: useCallback((side, frame) => {
      if (frame) frames.current[side] = frame;
    }, []),
    start: useCallback((next) => begin((signal) => runScenario(next, hands, signal)), [begin, hands]),
    mendAll: useCallback(() => {
      begin(() => mend(hands));
      setRun((current) => (current && current.endedAt === undefined ? { ...current, endedAt: Date.now() } : current));
      setPhase((current) => (current === 'fault' ? 'after' : current === 'preparing' ? 'idle' : current));
    }, [begin, hands]),
    startOver: useCallback(() => {
      setRun(undefined);
      setStats(undefined);
      setScenario(undefined);
      setPhase('idle');
      setRecordings({ plain: [], ours: [] });
      begin(async (signal) => {
        await mend(hands);
        for (const side of SIDES) hands.tell(side, 'reload');
        await sleep(600, signal);
        await signBothIn(hands, signal);
      });
    }, [begin, hands]),
    tellBoth: useCallback(
      (command) => {
        for (const side of SIDES) hands.tell(side, command);
      },
      [hands],
    ),
  };
}
