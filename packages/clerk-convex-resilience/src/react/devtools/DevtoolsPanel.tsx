'use client';
import { version as convexVersion } from 'convex';
import { type ReactNode, version as reactVersion, useEffect, useReducer, useState, useSyncExternalStore } from 'react';
import type { DevtoolsParts } from './AuthDevtools.tsx';
import { ClaimsView } from './ClaimsView.tsx';
import { type FaultKind, faultKinds } from './createFaults.ts';
import { type AuthSnapshot, findingsOf, readSnapshot } from './readSnapshot.ts';
import { withoutTokens } from './redact.ts';
import { reportOf } from './reportOf.ts';
import { TimelineView } from './TimelineView.tsx';
import { fromNow } from './times.ts';

const faultNames: Record<FaultKind, string> = { offline: 'Offline', http_500: 'Answer 500', hang: 'Hang' };
const faultTexts: Record<FaultKind, string> = {
  offline: 'Clerk and Convex cannot be reached, and the browser says that it is offline.',
  http_500: "Clerk answers 500. It shows at Clerk's next request: expire the token for one now.",
  hang: "Clerk does not answer. It shows at Clerk's next request: expire the token for one now.",
};

/** What is inside of the panel, when it is open. */
export function DevtoolsPanel({
  tools,
  onClose,
}: {
  readonly tools: DevtoolsParts;
  readonly onClose: () => void;
}): ReactNode {
  const { view, clock, connectivity, page, faults, timeline, health: healthView } = tools;
  const health = useSyncExternalStore(healthView.subscribe, healthView.health, () => healthView.atFirst);
  const fault = useSyncExternalStore(faults.subscribe, faults.current, () => null);
  const entries = useSyncExternalStore(timeline.subscribe, timeline.entries, timeline.entries);
  const [, tick] = useReducer((count: number) => count + 1, 0);
  const [copied, setCopied] = useState<{ readonly text: string; readonly isDone: boolean } | null>(null);
  // Most of what is shown tells nobody when it changes.
  useEffect(() => {
    let undo = (): void => {};
    const again = (): void => {
      undo = clock.setTimer(again, 1_000);
      tick();
    };
    undo = clock.setTimer(again, 1_000);
    return () => undo();
  }, [clock]);
  const snapshot = view && readSnapshot(view);
  const findings = findingsOf(health);
  const canExpire = snapshot?.phase === 'signed_in';

  const breakIt = (kind: FaultKind): void => {
    const next = fault === kind ? null : kind;
    timeline.add(['session'], next ? `Simulated from now on: ${faultNames[kind]}.` : 'The simulated fault is over.');
    faults.set(next);
  };
  const expire = (): void => {
    timeline.add(['session'], 'The token held is taken for expired: a new one is asked for.');
    view?.source.refused();
    view?.facade.rearm();
    tick();
  };
  const copy = async (): Promise<void> => {
    const text = reportOf({
      at: clock.now(),
      versions: [
        ['clerk-js', clerkVersion(connectivity.readGlobal('Clerk'))],
        ['convex', convexVersion],
        ['react', reactVersion],
      ],
      health,
      snapshot,
      entries,
      startedAt: timeline.startedAt,
    });
    setCopied({ text, isDone: await page.copy(text) });
  };

  return (
    <>
      <div className="ccr-dt-row ccr-dt-head">
        <h2>Auth devtools</h2>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>

      <h3>State</h3>
      <dl>
        <Row name="Health">{words(health.status)}</Row>
        {snapshot && <State snapshot={snapshot} />}
      </dl>

      {findings.length > 0 && (
        <>
          <h3>Findings</h3>
          <ul>
            {findings.map(({ code, text }) => (
              <li key={code}>
                <code className="ccr-dt-finding">{code}</code> {withoutTokens(text)}
              </li>
            ))}
          </ul>
        </>
      )}

      {snapshot && (
        <>
          <h3>Claims of the token</h3>
          <ClaimsView claims={snapshot.claims} now={snapshot.at} />
        </>
      )}

      <h3>Simulate in this tab</h3>
      <fieldset className="ccr-dt-row" aria-label="Simulate in this tab">
        {faultKinds.map((kind) => (
          <button key={kind} type="button" aria-pressed={fault === kind} disabled={!view} onClick={() => breakIt(kind)}>
            {faultNames[kind]}
          </button>
        ))}
        <button type="button" disabled={!canExpire} onClick={expire}>
          Expire token
        </button>
      </fieldset>
      <p>
        {fault ? faultTexts[fault] : 'Nothing is broken. What you break stays so until you press its button again.'}
      </p>

      <TimelineView entries={entries} startedAt={timeline.startedAt} onClear={timeline.clear} />

      <div className="ccr-dt-row">
        <button type="button" onClick={() => void copy()}>
          Copy report
        </button>
        <span role="status">
          {copied && (copied.isDone ? 'Copied: no token and no name is in it.' : 'Not copied. Copy it from here:')}
        </span>
      </div>
      {copied && !copied.isDone && (
        <textarea aria-label="Report" readOnly value={copied.text} onFocus={(event) => event.target.select()} />
      )}
    </>
  );
}

function State({ snapshot }: { readonly snapshot: AuthSnapshot }): ReactNode {
  const { at, phase, clerkStatus, isOnline, token, identity, isGuarded, pendingSignOuts } = snapshot;
  const waits = token.nextAttemptAt !== null && `next attempt ${fromNow(token.nextAttemptAt, at)}`;
  const details = [
    words(token.status),
    token.failures > 0 && `${token.failures} failed in a row`,
    waits,
    token.isDoubtful && 'the last one was refused',
  ];
  return (
    <>
      <Row name="User">{words(phase)}</Row>
      <Row name="Clerk">{clerkStatus ?? 'does not tell'}</Row>
      <Row name="Token">{details.filter(Boolean).join(', ')}</Row>
      <Row name="Convex">
        {identity.status === 'none' ? 'no identity' : `identity ${identity.status}`}
        {identity.since !== null && ` ${fromNow(identity.since, at)}`}
      </Row>
      <Row name="Guard">{isGuarded ? "on Clerk's requests" : 'off'}</Row>
      <Row name="Browser">{isOnline ? 'online' : 'offline'}</Row>
      {pendingSignOuts > 0 && <Row name="Sign-outs">{pendingSignOuts} not confirmed by Clerk</Row>}
    </>
  );
}

const Row = ({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

const words = (literal: string): string => literal.replaceAll('_', ' ');

/** clerk-js tells its version (both majors). */
function clerkVersion(clerk: unknown): string | undefined {
  const version = typeof clerk === 'object' && clerk !== null ? Reflect.get(clerk, 'version') : undefined;
  return typeof version === 'string' ? version : undefined;
}
