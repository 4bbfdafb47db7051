import { type EventFailure, eventFailure } from '../../core/events.ts';
import type { AuthHealth, ConfigProblem } from '../../core/health.ts';
import { readClaims } from '../../core/jwt.ts';
import type { AuthView } from '../AuthRuntimeContext.ts';

/** What the panel shows of a runtime at one moment. The only file of the panel that meets a token: nothing of it goes on. */
export interface AuthSnapshot {
  readonly at: number;
  /** Who the user is to Convex. */
  readonly phase: 'starting' | 'signed_in' | 'signed_out';
  /** `clerk.status`, where Clerk tells. */
  readonly clerkStatus: string | undefined;
  readonly isOnline: boolean;
  readonly token: {
    readonly status: 'ended' | 'idle' | 'requesting' | 'trying' | 'waiting';
    /** How many attempts in a row have failed. */
    readonly failures: number;
    /** Milliseconds since the epoch; null where nothing is waited for. */
    readonly nextAttemptAt: number | null;
    /** Convex refused the last one: the next is tried before it is handed over. */
    readonly isDoubtful: boolean;
  };
  readonly identity: { readonly status: 'none' | 'confirmed' | 'lost'; readonly since: number | null };
  readonly isGuarded: boolean;
  /** Sessions that are signed out of here, and that Clerk has not confirmed. */
  readonly pendingSignOuts: number;
  /** What the token held says; null when none is held. */
  readonly claims: ReadonlyArray<readonly [name: string, value: unknown]> | 'unreadable' | null;
}

export function readSnapshot(view: AuthView): AuthSnapshot {
  const { phase, identity, token, guard } = view.inspect();
  const held = token.status === 'ended' ? null : token.status === 'trying' ? token.token : token.last;
  const trouble = token.status === 'ended' ? null : token.trouble;
  const claims = held && readClaims(held);
  return {
    at: view.clock.now(),
    phase,
    clerkStatus: view.clerkStatus(),
    isOnline: view.connectivity.isOnline(),
    token: {
      status: token.status,
      failures: trouble?.attempts ?? 0,
      nextAttemptAt: trouble?.nextAttemptAt ?? null,
      isDoubtful: token.status !== 'ended' && token.doubtful,
    },
    identity: { status: identity.status, since: identity.status === 'none' ? null : identity.since },
    isGuarded: guard !== null,
    pendingSignOuts: view.signOuts.pending().size,
    claims: held ? (claims ? Object.entries(claims) : 'unreadable') : null,
  };
}

/** What is known to be wrong, by health. */
export interface Finding {
  /** `misconfigured resource_not_found`, or the name of the setting. */
  readonly code: string;
  readonly text: string;
}

export function findingsOf(health: AuthHealth): readonly Finding[] {
  if (health.status === 'unconfigured') return health.problems.map(ofProblem);
  return 'failure' in health && health.failure ? [ofFailure(eventFailure(health.failure))] : [];
}

const ofProblem = ({ option, message }: ConfigProblem): Finding => ({ code: option, text: message });

const sources: Record<EventFailure['source'], string> = {
  browser: 'The browser says so',
  clerk: 'Clerk says so',
  convex: 'Convex says so',
  node: 'Node says so',
  unknown: 'It is not known who says so',
};
const ofFailure = ({ kind, status, code, source }: EventFailure): Finding => ({
  code: [kind, code].filter(Boolean).join(' '),
  text: `${sources[source]}${status === undefined ? '' : `, with status ${status}`}.`,
});
