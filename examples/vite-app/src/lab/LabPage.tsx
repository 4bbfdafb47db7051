import { useEffect, useRef } from 'react';
import type { LabSettings } from './protocol.ts';
import { RunStatus } from './RunStatus.tsx';
import { ScenarioButtons } from './ScenarioButtons.tsx';
import { SidePanel } from './SidePanel.tsx';
import { firstScenario, scenarios } from './scenarios.ts';
import { useLab } from './useLab.ts';

const clerkMajor = import.meta.env.VITE_CLERK_MAJOR === '6' ? '6' : '5';
const startsByItself = new URLSearchParams(location.search).get('auto') !== '0';

export function LabPage({ lab: { tokenLifeSeconds } }: { lab: LabSettings }) {
  const lab = useLab();
  const { start, isReady, scenario } = lab;

  // Whoever opens the page sees the difference without touching anything; one click of theirs, and it stays quiet.
  const begun = useRef(!startsByItself);
  useEffect(() => {
    if (scenario) begun.current = true;
    const first = scenarios.find(({ id }) => id === firstScenario);
    if (begun.current || !isReady || !first) return;
    const timer = setTimeout(() => {
      if (!begun.current) start(first);
    }, 1_200);
    return () => clearTimeout(timer);
  }, [isReady, scenario, start]);

  return (
    <div className="lab">
      <header className="lab-head">
        <h1>The same outage, twice. Only one of these apps signs its user out.</h1>
        <p>
          One app, two providers, each on its own emulators of Clerk and Convex, through real clerk-js {clerkMajor} and
          a real Convex client. Every fault hits both at the same moment. Tokens live {tokenLifeSeconds} s here instead
          of 60 s, so that you need not wait.
        </p>
      </header>

      <section aria-label="Faults" className="controls">
        <ScenarioButtons lab={lab} />
        <RunStatus lab={lab} />
      </section>

      <div className="sides">
        <SidePanel side="plain" lab={lab} />
        <SidePanel side="ours" lab={lab} />
      </div>
    </div>
  );
}
