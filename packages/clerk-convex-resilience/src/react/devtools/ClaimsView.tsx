'use client';
import type { ReactNode } from 'react';
import type { AuthSnapshot } from './readSnapshot.ts';
import { withoutTokens } from './redact.ts';
import { fromNow, isoTime } from './times.ts';

const moments = ['exp', 'iat', 'nbf'];

/** What the token says, claim by claim. A claim that is itself a token is not shown. */
export function ClaimsView({
  claims,
  now,
}: {
  readonly claims: AuthSnapshot['claims'];
  readonly now: number;
}): ReactNode {
  if (claims === null) return <p>No token is held.</p>;
  if (claims === 'unreadable') return <p>A token is held that is no JWT.</p>;
  return (
    <dl>
      {claims.map(([name, value]) => (
        <Claim key={name} name={name} text={claimText(name, value, now)} />
      ))}
    </dl>
  );
}

const Claim = ({ name, text }: { readonly name: string; readonly text: string }): ReactNode => (
  <>
    <dt>
      <code>{withoutTokens(name)}</code>
    </dt>
    <dd>
      <code>{text}</code>
    </dd>
  </>
);

function claimText(name: string, value: unknown, now: number): string {
  if (moments.includes(name) && typeof value === 'number') {
    return `${value} (${isoTime(value * 1000)}, ${fromNow(value * 1000, now)})`;
  }
  return withoutTokens(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
