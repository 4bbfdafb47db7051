import type { Side } from './protocol.ts';
import { Timeline } from './Timeline.tsx';
import { frameUrl, type Lab } from './useLab.ts';
import { judge, type Verdict } from './verdict.ts';

const names: Record<Side, { title: string; provider: string }> = {
  plain: { title: 'Without', provider: 'ConvexProviderWithClerk' },
  ours: { title: 'With this library', provider: 'ConvexClerkProvider' },
};

export function SidePanel({ side, lab }: { side: Side; lab: Lab }) {
  const recording = lab.recordings[side];
  const stats = lab.stats?.[side];
  const verdict: Verdict = lab.run ? judge(lab.run, recording, stats, lab.now) : waiting(lab, side);
  const { title, provider } = names[side];
  return (
    <section className={`side side-${side}`} aria-labelledby={`${side}-title`} data-testid={`side-${side}`}>
      <header>
        <h2 id={`${side}-title`}>{title}</h2>
        <code>{provider}</code>
      </header>
      <p className={`verdict verdict-${verdict.tone}`} data-testid={`verdict-${side}`} data-tone={verdict.tone}>
        <strong>{verdict.headline}</strong> <span className="verdict-detail">{verdict.detail}</span>
      </p>
      <Timeline recording={recording} run={lab.run} now={lab.now} />
      <dl className="numbers">
        <Figure name="Clerk requests" value={stats?.clerkRequests} />
        <Figure name="failed" value={stats?.faulted} />
        <Figure name="Authenticates" value={stats?.authenticates} />
        <Figure name="refused" value={stats?.refusals} />
        <Figure
          name="anonymous runs"
          value={stats?.anonymousRuns}
          isBad={lab.run?.rightEnd === 'signed_in' && (stats?.anonymousRuns ?? 0) > 0}
        />
      </dl>
      <iframe
        ref={(frame) => lab.attach(side, frame)}
        src={frameUrl(side)}
        title={`The app ${side === 'plain' ? 'without' : 'with'} the library`}
      />
    </section>
  );
}

const Figure = ({ name, value, isBad = false }: { name: string; value: number | undefined; isBad?: boolean }) => (
  <div className={isBad ? 'figure-bad' : undefined}>
    <dt>{name}</dt>
    <dd>{value ?? '–'}</dd>
  </div>
);

function waiting(lab: Lab, side: Side): Verdict {
  const seen = lab.recordings[side].at(-1)?.seen;
  switch (seen) {
    case undefined:
      return { tone: 'idle', headline: 'Loading the app.', detail: 'It needs a browser that resolves *.localhost.' };
    case 'signed_in':
      return { tone: 'good', headline: 'Signed in.', detail: 'Nothing is broken yet.' };
    case 'refreshing':
      return { tone: 'busy', headline: 'Signed in.', detail: 'Fetching a fresh token.' };
    case 'blocked':
      return { tone: 'busy', headline: 'Signed in.', detail: 'The app says that something has to be put right.' };
    case 'signed_out':
      return { tone: 'idle', headline: 'Signed out.', detail: '' };
    case 'loading':
    case 'reloading':
      return { tone: 'idle', headline: 'Loading the app.', detail: '' };
  }
}
