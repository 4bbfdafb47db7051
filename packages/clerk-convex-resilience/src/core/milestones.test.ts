import { describe, expect, it } from 'vitest';
import { type AuthEvent, type AuthEventBody, eventFailure } from './events.ts';
import { type AuthLogger, createEventLog } from './milestones.ts';

type Line = [level: keyof AuthLogger, text: string];

function setUp({ debug }: { debug?: boolean } = {}) {
  const lines: Line[] = [];
  const write =
    (level: keyof AuthLogger) =>
    (message: string): void => {
      lines.push([level, message.replace('[clerk-convex-resilience] ', '')]);
    };
  const logger: AuthLogger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const log = createEventLog(() => ({ logger, debug }));
  const tell = (...events: AuthEventBody[]): void => {
    for (const event of events) log({ at: 0, ...event } as AuthEvent);
  };
  return { lines, tell };
}

const received: AuthEventBody = { type: 'token_received', attempt: 1, expiresInMs: 60_000 };
const failed: AuthEventBody = {
  type: 'token_failed',
  attempt: 1,
  failure: { kind: 'server', status: 503, source: 'clerk' },
  retryInMs: 300,
};

describe('createEventLog', () => {
  it('says how far a healthy start got, each step once', () => {
    const { lines, tell } = setUp();
    tell(
      { type: 'guard_installed' },
      { type: 'convex_url_configured', host: 'happy-animal-123.convex.cloud' },
      { type: 'publishable_key_configured', instance: 'test', host: 'clerk.app.test' },
      { type: 'token_requested', attempt: 1, forced: false },
      received,
      { type: 'identity_confirmed' },
      { type: 'user_sync_started', attempt: 1 },
      { type: 'user_synced', userId: 'j57abc' },
      received,
      received,
    );
    expect(lines).toEqual([
      ['info', 'Convex URL configured: happy-animal-123.convex.cloud'],
      ['info', 'publishable key configured: test instance clerk.app.test'],
      ['info', 'token obtained'],
      ['info', 'identity confirmed'],
      ['info', 'syncing the user'],
      ['info', 'user synced: j57abc'],
    ]);
  });

  it('says what goes wrong once, and that it is over', () => {
    const { lines, tell } = setUp();
    tell(received, failed, failed, received, { type: 'identity_lost', kept: true }, { type: 'identity_confirmed' });
    expect(lines).toEqual([
      ['info', 'token obtained'],
      ['warn', 'token not obtained: server 503'],
      ['info', 'token obtained'],
      ['warn', 'identity lost: asking for it again'],
      ['info', 'identity confirmed'],
    ]);
  });

  it('says it of a request that the guard holds, and of no other of Clerk’s', () => {
    const { lines, tell } = setUp();
    const held = {
      type: 'request_failed',
      failure: { kind: 'network', source: 'browser' },
      attempt: 1,
      retryInMs: 1,
    } as const;
    tell({ ...held, request: 'client' }, { ...held, request: 'tokens' }, { ...held, request: 'tokens' });
    expect(lines).toEqual([['warn', 'token not obtained: network']]);
  });

  it.each<[AuthEventBody, Line]>([
    [
      {
        type: 'token_failed',
        attempt: 1,
        failure: { kind: 'misconfigured', status: 404, code: 'resource_not_found', source: 'clerk' },
      },
      ['error', 'token not obtained: misconfigured 404 resource_not_found'],
    ],
    [
      { type: 'token_refused', failure: { kind: 'clock_skew', source: 'convex' } },
      ['warn', 'token refused: clock_skew'],
    ],
    [
      { type: 'guard_stepped_aside', reason: 'unknown_version' },
      ['warn', 'fetch guard stepped aside: unknown version'],
    ],
    [
      {
        type: 'user_sync_failed',
        attempt: 1,
        failure: { kind: 'misconfigured', code: 'WRONG_PROVIDER', source: 'convex' },
        retryInMs: 60_000,
      },
      ['warn', 'user not synced: misconfigured WRONG_PROVIDER'],
    ],
    [{ type: 'sign_out_started' }, ['info', 'signed out']],
  ])('says of %o', (event, line) => {
    const { lines, tell } = setUp();
    tell(event);
    expect(lines).toEqual([line]);
  });

  it('says it again for the next user', () => {
    const { lines, tell } = setUp();
    const signIn: AuthEventBody[] = [received, { type: 'identity_confirmed' }, { type: 'user_synced' }];
    tell(...signIn, { type: 'sign_out_started' }, ...signIn);
    expect(lines.map(([, text]) => text)).toEqual([
      ...['token obtained', 'identity confirmed', 'user synced', 'signed out'],
      ...['token obtained', 'identity confirmed', 'user synced'],
    ]);
  });

  it('writes every event besides with debug, and nothing at all with neither', () => {
    const { lines, tell } = setUp({ debug: true });
    tell({ type: 'guard_installed' }, received);
    expect(lines).toEqual([
      ['debug', 'guard_installed'],
      ['info', 'token obtained'],
      ['debug', 'token_received'],
    ]);
    expect(() => createEventLog(() => ({}))({ at: 0, type: 'guard_installed' })).not.toThrow();
  });
});

describe('eventFailure', () => {
  it('leaves out a code that is none: a thrower may have put a token there', () => {
    const secret = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl';
    for (const code of [secret, 'ann@example.com', 'x'.repeat(61)]) {
      expect(eventFailure({ kind: 'unknown', retryable: true, source: 'unknown', code })).not.toHaveProperty('code');
    }
    expect(eventFailure({ kind: 'network', retryable: true, source: 'node', code: 'ECONNRESET' }).code).toBe(
      'ECONNRESET',
    );
  });
});
