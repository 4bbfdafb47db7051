import { groups, scenarios } from './scenarios.ts';
import type { Lab } from './useLab.ts';

export function ScenarioButtons({ lab }: { lab: Lab }) {
  const isRunning = lab.phase === 'preparing' || lab.phase === 'fault';
  return (
    <div className="groups">
      {groups.map((group) => (
        <fieldset key={group}>
          <legend>{group}</legend>
          {scenarios
            .filter((scenario) => scenario.group === group)
            .map((scenario) => (
              <button
                key={scenario.id}
                type="button"
                title={scenario.story}
                aria-pressed={lab.phase !== 'idle' && lab.scenario?.id === scenario.id}
                // Not `disabled`: the pressed button would lose the focus.
                aria-disabled={isRunning}
                onClick={() => {
                  if (isRunning) return;
                  lab.start(scenario);
                  showVerdicts();
                }}
              >
                {scenario.label}
              </button>
            ))}
        </fieldset>
      ))}
      <fieldset>
        <legend>Help</legend>
        <button type="button" onClick={lab.mendAll}>
          Mend all
        </button>
        <button type="button" onClick={() => lab.tellBoth('reload')}>
          Reload both
        </button>
        <button type="button" onClick={() => lab.tellBoth('sign_out')}>
          Sign out
        </button>
        <button type="button" onClick={lab.startOver}>
          Start over
        </button>
      </fieldset>
    </div>
  );
}

/** Stacked, the verdicts stand below the buttons: whoever pressed one wants to see what comes of it. */
function showVerdicts(): void {
  if (matchMedia('(max-width: 46rem)').matches) document.getElementById('status')?.scrollIntoView();
}
