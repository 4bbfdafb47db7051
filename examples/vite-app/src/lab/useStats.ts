import { useEffect } from 'react';
import type { LabStats } from './protocol.ts';
import { fetchStats } from './server.ts';
import type { LabRun, Phase } from './useLab.ts';

/** How long a run is watched after its fault. */
const WATCH_AFTER_MS = 45_000;

/** Asks for the numbers of a run twice a second, until it has been watched long enough. */
export function useStats(
  run: LabRun | undefined,
  phase: Phase,
  setStats: (stats: LabStats) => void,
  setPhase: (phase: Phase) => void,
): void {
  const { startedAt, endedAt } = run ?? {};
  useEffect(() => {
    if (startedAt === undefined || (phase !== 'fault' && phase !== 'after')) return;
    let ended = false;
    const ask = async () => {
      const counted = await fetchStats(startedAt, endedAt).catch(() => undefined);
      if (ended) return;
      if (counted) setStats(counted);
      if (endedAt !== undefined && Date.now() > endedAt + WATCH_AFTER_MS) setPhase('idle');
    };
    const timer = setInterval(() => void ask(), 500);
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [startedAt, endedAt, phase, setStats, setPhase]);
}
