import type { Lab } from './useLab.ts';
import { seconds } from './verdict.ts';

/** One line that says what is going on, and how far it is. */
export function RunStatus({ lab }: { lab: Lab }) {
  const { phase, scenario, run, now, isReady } = lab;
  const share = run && scenario ? Math.min(1, (now - run.startedAt) / scenario.durationMs) : 0;
  return (
    <div id="status" className={`status status-${phase}`}>
      <p role="status" data-testid="lab-status">
        {lab.error ?? sentence()}
      </p>
      <p className="status-time" aria-hidden="true">
        {phase === 'fault' && run && scenario
          ? `${seconds(run.startedAt + scenario.durationMs - now)} left`
          : phase === 'after' && run?.endedAt
            ? `mended ${seconds(now - run.endedAt)} ago`
            : ''}
      </p>
      <div className="status-bar" aria-hidden="true">
        <span
          className="status-progress"
          style={{ inlineSize: `${phase === 'fault' ? share * 100 : phase === 'after' ? 100 : 0}%` }}
        />
      </div>
    </div>
  );

  function sentence(): string {
    switch (phase) {
      case 'idle':
        if (scenario) return 'Break something else, or try the two apps.';
        return isReady ? 'Both are signed in. Now break something.' : 'Signing both apps in…';
      case 'preparing':
        return `Getting both apps ready for “${scenario?.label}”…`;
      case 'fault':
        return scenario?.story ?? '';
      case 'after':
        return 'Mended. Everything is reachable again.';
    }
  }
}
