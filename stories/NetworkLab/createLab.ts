import { type AuthEvent, createTokenRetryFetch, retryPolicies } from 'clerk-convex-resilience';
import { createScriptedAuth, type ScriptedAuth } from 'clerk-convex-resilience/testing';

/** What a designer may do to the network. */
export const breakages = ['online', 'offline', 'http_500', 'busy_429', 'hang'] as const;
export type Breakage = (typeof breakages)[number];

export interface LogLine {
  readonly id: number;
  readonly text: string;
}

export interface Lab {
  readonly auth: ScriptedAuth;
  /** What happened, newest first. */
  readonly log: readonly LogLine[];
  break(how: Breakage): void;
  subscribe(listener: () => void): () => void;
  /** Begins to ask for a token every few seconds. Returns its own undo. */
  start(): () => void;
}

const everyMs = 3_000;

/**
 * The library's own retries on a network that is made in the page: no server. What they tell is shown as the health that
 * the provider would make of it.
 */
export function createLab(): Lab {
  let breakage: Breakage = 'online';
  let log: readonly LogLine[] = [];
  let lines = 0;
  let failingSince = 0;
  const listeners = new Set<() => void>();
  const say = (line: string): void => {
    log = [{ id: ++lines, text: `${new Date().toLocaleTimeString('en', { hour12: false })} ${line}` }, ...log].slice(
      0,
      12,
    );
    for (const listener of [...listeners]) listener();
  };

  let wake = new AbortController();
  const auth = createScriptedAuth({
    onCall(call) {
      say(call);
      if (call === 'retry') ask();
      if (call === 'signOut') auth.set({ health: { status: 'signed_out' } });
      if (call === 'signIn') auth.set({ health: { status: 'healthy', since: Date.now() } });
    },
  });

  const network: typeof fetch = (_, init) => {
    const { signal } = init ?? {};
    switch (breakage) {
      case 'online':
        return Promise.resolve(Response.json({ jwt: 'a.b.c' }));
      case 'offline':
        return Promise.reject(new TypeError('Failed to fetch'));
      case 'http_500':
        return Promise.resolve(new Response('', { status: 500 }));
      case 'busy_429':
        return Promise.resolve(new Response('', { status: 429, headers: { 'retry-after': '20' } }));
      default:
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    }
  };
  const onEvent = (event: AuthEvent): void => {
    if (event.type === 'request_recovered') say(`recovered after ${event.attempts} attempts`);
    if (event.type !== 'request_failed') return;
    failingSince ||= event.at;
    say(`failed (${event.failure.kind}), again in ${(event.retryInMs / 1_000).toFixed(1)} s`);
    auth.set({
      health: {
        status: 'recovering',
        failure: { retryable: true, ...event.failure },
        since: failingSince,
        attempt: event.attempt,
        nextAttemptAt: event.at + event.retryInMs,
        signedIn: true,
      },
    });
  };
  const retrying = createTokenRetryFetch({
    fetch: network,
    onEvent,
    policy: retryPolicies.session,
    retryNonIdempotent: true,
  });
  function ask(): void {
    if (auth.state().health.status === 'signed_out') return;
    wake.abort();
    wake = new AbortController();
    retrying('https://clerk.example.com/v1/client/sessions/sess_1/tokens', {
      method: 'POST',
      signal: wake.signal,
    }).then(answered, () => {}); // aborted: the next one has taken its place
  }
  function answered(): void {
    if (auth.state().health.status !== 'recovering') return;
    failingSince = 0;
    say('a token came');
    auth.set({ health: { status: 'healthy', since: Date.now() } });
  }

  return {
    auth,
    get log() {
      return log;
    },
    break(how) {
      breakage = how;
      say(`the network is now: ${how}`);
      auth.set({ isOnline: how !== 'offline' });
      ask();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      const timer = setInterval(() => {
        if (auth.state().health.status === 'healthy') ask();
      }, everyMs);
      return () => {
        clearInterval(timer);
        wake.abort();
      };
    },
  };
}
