import type { AuthHealth } from '../../core/health.ts';
import type { TimelineEntry } from './createTimeline.ts';
import { type AuthSnapshot, findingsOf } from './readSnapshot.ts';
import { redact, shortened } from './redact.ts';
import { isoTime, offset } from './times.ts';

export interface ReportOptions {
  readonly at: number;
  readonly versions: ReadonlyArray<readonly [name: string, version: string | undefined]>;
  readonly health: AuthHealth;
  /** Null where the app is not configured. */
  readonly snapshot: AuthSnapshot | null;
  readonly entries: readonly TimelineEntry[];
  readonly startedAt: number;
}

const mostEvents = 50;
/** Claims that say nothing of a person. */
const impersonal = ['iss', 'aud', 'azp'];
const moments = ['iat', 'exp', 'nbf'];
const ids = ['sub', 'sid'];

/** A text for an issue: no token, no name, no e-mail address, no query string, and ids cut short. */
export function reportOf({ at, versions, health, snapshot, entries, startedAt }: ReportOptions): string {
  const last = entries.slice(-mostEvents);
  const findings = findingsOf(health);
  const lines = [
    '## Auth report',
    '',
    `- at: ${isoTime(at)}`,
    `- versions: ${versions.map(([name, version]) => `${name} ${version ?? 'unknown'}`).join(', ')}`,
    `- health: ${health.status}`,
    ...findings.map(({ code, text }) => `- finding: \`${code}\` ${text}`),
    ...(snapshot ? stateLines(snapshot) : []),
    '',
    '### Claims of the token',
    '',
    ...claimLines(snapshot?.claims ?? null),
    '',
    `### Events (the last ${last.length} of ${entries.length})`,
    '',
    '```',
    ...last.map((entry) => `${offset(entry.at - startedAt).padStart(9)}  ${entry.text}`),
    '```',
    '',
  ];
  return redact(lines.join('\n'));
}

function stateLines({ phase, clerkStatus, isOnline, token, identity, ...rest }: AuthSnapshot): readonly string[] {
  return [
    `- phase: ${phase}`,
    `- Clerk: ${clerkStatus ?? 'does not tell'}`,
    `- browser: ${isOnline ? 'online' : 'offline'}`,
    `- token: ${token.status}, ${token.failures} failures in a row${token.isDoubtful ? ', doubtful' : ''}`,
    `- identity: ${identity.status}`,
    `- guard: ${rest.isGuarded ? 'on' : 'off'}`,
    `- sign-outs to be confirmed: ${rest.pendingSignOuts}`,
  ];
}

function claimLines(claims: AuthSnapshot['claims']): readonly string[] {
  if (claims === 'unreadable') return ['A token is held that is no JWT.'];
  if (claims === null) return ['No token is held.'];
  const others = claims.map(([name]) => name).filter((name) => ![...impersonal, ...moments, ...ids].includes(name));
  return [
    ...claims.flatMap(([name, value]) => {
      if (impersonal.includes(name)) return [`- ${name}: ${[value].flat().map(String).join(', ')}`];
      if (moments.includes(name))
        return [`- ${name}: ${typeof value === 'number' ? isoTime(value * 1000) : 'no number'}`];
      return ids.includes(name) ? [`- ${name}: ${shortened(String(value))}`] : [];
    }),
    `- others, by name: ${others.join(', ') || 'none'}`,
  ];
}
