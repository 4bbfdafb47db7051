import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../test/support/eventually.ts';
import type { AuthEventBody } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { createTestConnectivity, type TestConnectivity } from '../core/testConnectivity.ts';
import { initialTokenState, type Trouble } from '../core/tokenMachine.ts';
import { docsUrlOf } from '../diagnosis/findings.ts';
import type { ClerkAuth } from './clerkTypes.ts';
import { createDiagnosis, type Diagnosis } from './createDiagnosis.ts';
import type { FailureScene } from './findCause.ts';

const key = `pk_test_${btoa('happy-otter-12.clerk.accounts.dev$')}`;
const issuer = 'https://happy-otter-12.clerk.accounts.dev';
const tokenOf = (claims: object, header: object = { kid: 'ins_1' }): string =>
  `${btoa(JSON.stringify(header))}.${btoa(JSON.stringify(claims))}.c2lnbmF0dXJl`;
const now = 1_700_000_000;
const claims = { iss: issuer, aud: 'convex', sub: 'user_1', iat: now, exp: now + 60 };

const noTemplate: AuthFailure = {
  kind: 'misconfigured',
  retryable: false,
  source: 'clerk',
  status: 404,
  code: 'resource_not_found',
};
const refusedWith = (text: string, kind: AuthFailure['kind'] = 'misconfigured'): AuthFailure => ({
  kind,
  retryable: kind !== 'misconfigured',
  source: 'convex',
  cause: new Error(text),
});
const network: AuthFailure = { kind: 'network', retryable: true, source: 'browser' };

let clock: TestClock;
let connectivity: TestConnectivity;
let token: string | null;
let aheadMs: number | null;
let trouble: Trouble | null;
let auth: Partial<ClerkAuth>;
let events: AuthEventBody[];
let lines: string[];
let changes: number;
let looked: number;
let onReport: () => void;
let development: boolean | undefined;
let diagnosis: Diagnosis;
/** Its provider goes. */
let stop: () => void;

beforeEach(() => {
  clock = createTestClock({ now: now * 1000 });
  connectivity = createTestConnectivity('https://app.example.com/deep?token=1');
  token = tokenOf(claims);
  auth = {};
  aheadMs = trouble = null;
  events = [];
  lines = [];
  changes = looked = 0;
  onReport = () => {};
  development = undefined;
  const write = (line: string): void => void lines.push(line);
  const scene: FailureScene = {
    client: { url: 'https://happy-animal-123.convex.cloud' },
    clock,
    connectivity,
    source: { state: () => ({ ...initialTokenState, aheadMs }), trouble: () => trouble, lastToken: () => token },
    clerk: () => {
      looked++;
      return { publishableKey: key, version: '6.40.0' };
    },
    auth: () => auth as ClerkAuth,
    refusedToken: () => token,
    report(event) {
      events.push(event);
      onReport();
    },
    logger: () => ({ info: write, warn: write, error: write }),
    development: () => development,
  };
  diagnosis = createDiagnosis(scene, () => void changes++);
  stop = diagnosis.start();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.doUnmock('./findCause.ts');
});

const found = (count = 1): Promise<void> => eventually(() => expect(diagnosis.findings()).toHaveLength(count));
const told = (count = 1): Promise<void> => eventually(() => expect(lines).toHaveLength(count));
const rest = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 30));
const codes = (): readonly string[] => diagnosis.findings().map(({ code }) => code);

describe('a refusal', () => {
  it('is named, told once as an event and as a line, and kept while it is the same', async () => {
    diagnosis.saw(noTemplate);
    await found();
    await told();
    expect(diagnosis.findings()).toMatchObject([
      { code: 'JWT_TEMPLATE_MISSING', severity: 'error', args: { frontendApi: 'happy-otter-12.clerk.accounts.dev' } },
    ]);
    expect(events).toEqual([{ type: 'misconfiguration_found', codes: ['JWT_TEMPLATE_MISSING'] }]);
    expect(lines).toEqual([
      expect.stringMatching(/^\[clerk-convex-resilience\] JWT_TEMPLATE_MISSING: .*`convex`.*[^.]\. https:\S+\.md$/),
    ]);
    const before = diagnosis.findings();
    diagnosis.saw({ ...noTemplate });
    await rest();
    expect(diagnosis.findings()).toBe(before);
    expect([changes, events.length, lines.length]).toEqual([1, 1, 1]);
  });

  it('is looked into once, however often the health is asked for meanwhile and after', async () => {
    for (let time = 0; time < 3; time++) diagnosis.saw(noTemplate);
    await found();
    diagnosis.saw(noTemplate);
    await rest();
    expect(looked).toBe(1);
  });

  it('is forgotten when it is over, and told again when it comes back', async () => {
    diagnosis.saw(noTemplate);
    await found();
    diagnosis.saw(null);
    expect(diagnosis.findings()).toEqual([]);
    diagnosis.saw({ ...noTemplate });
    await found();
    await told(2);
  });

  it('is told only of what is new when there is more of it', async () => {
    diagnosis.saw(noTemplate);
    await found();
    aheadMs = 120_000;
    diagnosis.saw({ ...noTemplate });
    await found(2);
    await told(2);
    expect(codes()).toEqual(['JWT_TEMPLATE_MISSING', 'CLOCK_SKEW']);
    expect(events.map((event) => 'codes' in event && event.codes)).toEqual([['JWT_TEMPLATE_MISSING'], ['CLOCK_SKEW']]);
  });

  it('is not told again when a network failure has come in between', async () => {
    diagnosis.saw(noTemplate);
    await found();
    await told();
    for (let flap = 0; flap < 3; flap++) {
      diagnosis.saw({ ...network });
      expect(codes()).toEqual([]);
      diagnosis.saw({ ...noTemplate });
      await found();
      await rest();
    }
    expect(codes()).toEqual(['JWT_TEMPLATE_MISSING']);
    expect([events.length, lines.length]).toEqual([1, 1]);
  });

  it('is told beside what was told before when another cause has come in between', async () => {
    const noProviders = 'No auth provider found matching the given token (no providers configured).';
    for (let turn = 0; turn < 2; turn++) {
      diagnosis.saw({ ...noTemplate });
      await eventually(() => expect(codes()).toEqual(['JWT_TEMPLATE_MISSING']));
      diagnosis.saw(refusedWith(noProviders));
      await eventually(() => expect(codes()).toEqual(['AUTH_CONFIG_NOT_DEPLOYED']));
    }
    await rest();
    expect(events.map((event) => 'codes' in event && event.codes)).toEqual([
      ['JWT_TEMPLATE_MISSING'],
      ['AUTH_CONFIG_NOT_DEPLOYED'],
    ]);
    expect(lines).toHaveLength(2);
  });

  it('that another one has followed meanwhile leaves nothing behind', async () => {
    diagnosis.saw(noTemplate);
    diagnosis.saw(null);
    await rest();
    expect([codes(), events, lines, changes]).toEqual([[], [], [], 0]);
  });

  it('is the code alone in production, for whoever reads the console', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    diagnosis.saw(refusedWith('No auth provider found matching the given token (no providers configured).'));
    await found(2);
    await told(2);
    const bare = ['AUTH_CONFIG_NOT_DEPLOYED', 'TEST_KEY_IN_PRODUCTION'] as const;
    expect(lines).toEqual(bare.map((code) => `[clerk-convex-resilience] ${code}`));
    // So are the findings, whatever the app does with them.
    expect(diagnosis.findings()).toEqual([
      { code: bare[0], severity: 'error', docsUrl: docsUrlOf(bare[0]) },
      { code: bare[1], severity: 'warning', docsUrl: docsUrlOf(bare[1]) },
    ]);
  });

  it.each([
    ['production', true, 'happy-otter-12'],
    ['development', false, undefined],
  ])('in %s is told as the app says (development: %s)', async (mode, says, seen) => {
    vi.stubEnv('NODE_ENV', mode);
    development = says;
    diagnosis.saw(noTemplate);
    await eventually(() => expect(codes()).toContain('JWT_TEMPLATE_MISSING'));
    await eventually(() => expect(lines).not.toHaveLength(0));
    expect(lines[0]?.includes('JWT_TEMPLATE_MISSING: ')).toBe(says);
    expect(JSON.stringify(diagnosis.findings()).includes('happy-otter-12')).toBe(seen !== undefined);
  });

  it('is looked into again at the next one where the diagnosis could not be loaded', async () => {
    let loads = 0;
    vi.doMock('./findCause.ts', (importOriginal) => {
      if (++loads === 1) throw new Error('Failed to fetch dynamically imported module');
      return importOriginal();
    });
    diagnosis.saw(noTemplate);
    await eventually(() => expect(loads).toBe(1));
    expect(codes()).toEqual([]);
    // The same one: a refusal of the whole page comes once. Until the load has failed it is looked into already.
    await eventually(() => {
      diagnosis.saw(noTemplate);
      expect(codes()).toHaveLength(1);
    });
    expect(loads).toBe(2);
  });
});

it.each<[string, AuthFailure, string]>([
  [
    'a token for somebody else',
    refusedWith('No auth provider found matching the given token. [OIDC(domain=https://x.dev, app_id=convex)]'),
    'TOKEN_ISSUER_WRONG',
  ],
  ['an origin', { ...noTemplate, status: 400, code: 'origin_invalid' }, 'ORIGIN_NOT_ALLOWED'],
  [
    'an identity provider out of reach',
    refusedWith(`Auth provider discovery of ${issuer} failed`, 'server'),
    'IDENTITY_PROVIDER_UNREACHABLE',
  ],
])('names %s', async (_what, failure, code) => {
  diagnosis.saw(failure);
  await found();
  expect(codes()).toEqual([code]);
});

it.each([
  ['the keys that the issuer publishes are others', ['ins_2'], ['TOKEN_SIGNATURE_MISMATCH']],
  ['they cannot be had', null, ['TOKEN_SIGNATURE_MISMATCH']],
])('asks the issuer for its keys where a token does not hold: %s', async (_what, kids, expected) => {
  const asked = vi.fn(async () => {
    if (!kids) throw new TypeError('Failed to fetch');
    return Response.json({ keys: kids.map((kid) => ({ kid })) });
  });
  vi.stubGlobal('fetch', asked);
  diagnosis.saw(refusedWith('Could not verify OIDC token claim.', 'clock_skew'));
  await found();
  expect(codes()).toEqual(expected);
  expect(asked.mock.calls.map(([at]: unknown[]) => at)).toEqual([`${issuer}/.well-known/jwks.json`]);
  expect(clock.pendingTimers).toBe(0);
});

const notVerified = (): AuthFailure => refusedWith('Could not verify OIDC token claim.', 'clock_skew');

it('asks the issuer for its keys once for a cause, however often the token is refused', async () => {
  const asked = vi.fn(async () => Response.json({ keys: [{ kid: 'ins_2' }] }));
  vi.stubGlobal('fetch', asked);
  for (let time = 0; time < 3; time++) {
    diagnosis.saw(notVerified());
    await found();
    diagnosis.saw({ ...network });
  }
  expect(asked).toHaveBeenCalledTimes(1);
  token = tokenOf(claims, { kid: 'ins_3' });
  diagnosis.saw(notVerified());
  await found();
  expect(asked).toHaveBeenCalledTimes(2);
  diagnosis.saw(null);
  diagnosis.saw(notVerified());
  await found();
  expect(asked).toHaveBeenCalledTimes(3);
});

describe('when its provider has gone', () => {
  /** The issuer is asked for its keys, and says nothing. */
  const untilAsked = async (): Promise<AbortSignal> => {
    const signals: AbortSignal[] = [];
    vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      });
    });
    diagnosis.saw(notVerified());
    await eventually(() => expect(signals).toHaveLength(1));
    return signals[0] as AbortSignal;
  };

  it('ends the question to the issuer, and tells nothing of what was being looked at', async () => {
    const signal = await untilAsked();
    stop();
    expect(signal.aborted).toBe(true);
    await rest();
    expect([codes(), events, lines, changes, clock.pendingTimers]).toEqual([[], [], [], 0, 0]);
  });

  it('writes no line whose words have not come', async () => {
    onReport = () => stop();
    diagnosis.saw(noTemplate);
    await eventually(() => expect(events).toHaveLength(1));
    await rest();
    expect(lines).toEqual([]);
  });

  it('looks at nothing that happens later', async () => {
    stop();
    diagnosis.saw(noTemplate);
    diagnosis.sawShortLife();
    await rest();
    expect([looked, codes(), events, lines, changes]).toEqual([0, [], [], [], 0]);
  });

  it('forgets what was found, and finds it again, without a word, when it is mounted again', async () => {
    diagnosis.saw(noTemplate);
    await found();
    await told();
    stop();
    expect(codes()).toEqual([]);
    diagnosis.start();
    diagnosis.saw(noTemplate);
    await found();
    await rest();
    expect([events.length, lines.length]).toEqual([1, 1]);
  });

  it('asks again what was not answered, when it is mounted again', async () => {
    await untilAsked();
    stop();
    stop = diagnosis.start();
    vi.stubGlobal('fetch', async () => Response.json({ keys: [{ kid: 'ins_2' }] }));
    token = tokenOf({ ...claims, iat: now - 61, exp: now - 1 });
    diagnosis.saw(notVerified());
    await found();
    // By its key: without that it would have expired.
    expect(codes()).toEqual(['TOKEN_SIGNATURE_MISMATCH']);
  });

  it('ends what was looked at before it was mounted, which does not disturb that', async () => {
    diagnosis.saw(noTemplate);
    stop = diagnosis.start();
    await found();
    await told();
    const signal = await untilAsked();
    diagnosis.start();
    stop();
    expect(signal.aborted).toBe(true);
  });
});

it.each([
  ['a network that fails', network],
  ['Clerk’s server that fails', { ...network, kind: 'server', source: 'clerk', status: 500 } as const],
  ['an identity that Convex has given up', { ...network, kind: 'unknown', source: 'convex' } as const],
  ['the end of a session', { ...noTemplate, kind: 'session_ended' } as const],
])('looks at nothing for %s', async (_what, failure) => {
  diagnosis.saw(failure);
  await rest();
  expect([looked, events, lines, changes, clock.pendingTimers]).toEqual([0, [], [], 0, 0]);
});

it('tells once of a token that ends before it can be renewed, though nothing is refused', async () => {
  token = tokenOf({ ...claims, exp: now + 8 });
  diagnosis.sawShortLife();
  diagnosis.sawShortLife();
  await told();
  await rest();
  expect(events).toEqual([{ type: 'misconfiguration_found', codes: ['TOKEN_LIFETIME_TOO_SHORT'] }]);
  expect([lines.length, changes]).toEqual([1, 0]);
});

it('tells nothing of such a token when its provider has gone', async () => {
  token = tokenOf({ ...claims, exp: now + 8 });
  diagnosis.sawShortLife();
  stop();
  await rest();
  expect([events, lines]).toEqual([[], []]);
});

it.each([
  [59_000, 'IDENTITY_PROVIDER_UNREACHABLE'],
  [61_000, 'IDENTITY_PROVIDER_WRONG'],
])('takes an identity provider that has been out of reach for %i ms for what it is by then', async (ms, code) => {
  const failure = refusedWith(`Auth provider discovery of ${issuer} failed`, 'server');
  trouble = { failure, since: clock.now() - ms, attempts: 1, nextAttemptAt: null };
  diagnosis.saw(failure);
  await found();
  expect(codes()).toEqual([code]);
});

it('reads no refusal that is no text, and does not look again', async () => {
  const cause = { message: { toString: () => 'No auth provider found matching the given token' } };
  const refusal: AuthFailure = { kind: 'misconfigured', retryable: false, source: 'convex', cause };
  diagnosis.saw(refusal);
  await rest();
  diagnosis.saw(refusal);
  await rest();
  expect([codes(), looked]).toEqual([[], 1]);
});

it('looks at no token where Clerk has given none', async () => {
  token = tokenOf({ ...claims, exp: now + 8 });
  diagnosis.saw(noTemplate);
  await found();
  expect(codes()).toEqual(['JWT_TEMPLATE_MISSING']);
});

it('says that a template was asked for unless the session token itself is for Convex', async () => {
  auth = { sessionClaims: { aud: 'convex' } };
  diagnosis.saw(noTemplate);
  await rest();
  expect(codes()).toEqual([]);
});

it.each([
  ['__session', ['JWT_TEMPLATE_MISSING', 'STALE_CLERK_COOKIES']],
  ['__session_1a2b3c4d', ['JWT_TEMPLATE_MISSING']],
])('looks whose the cookie %s is', async (name, expected) => {
  connectivity.cookies.set(name, tokenOf({ ...claims, iss: 'https://brave-lynx-34.clerk.accounts.dev' }));
  diagnosis.saw(noTemplate);
  await found(expected.length);
  expect(codes()).toEqual(expected);
});

/** Whatever may stand in the place of an AuthError: a client of somebody's own making, a proxy that answers. */
const throwing = {
  get message(): string {
    throw new Error('no message');
  },
};
it.each<[string, unknown]>([
  ['no error', null],
  ['a number', 7],
  ['a symbol', Symbol('refused')],
  ['no text', { message: { toString: () => 'No auth provider found matching the given token' } }],
  ['a text that throws', throwing],
  [
    'an error that is its own cause',
    Object.assign(new Error('no'), { message: Array.from({ length: 3 }, () => 'no') }),
  ],
  ['a text in another alphabet', new Error('টোকেন ‮ \ud800 \u0000')],
  ['a text of a megabyte', new Error('No auth provider found [OIDC(domain='.repeat(30_000))],
])('comes to no harm by a refusal with %s', async (_what, cause) => {
  diagnosis.saw({ kind: 'misconfigured', retryable: false, source: 'convex', cause });
  await rest();
  for (const { code } of diagnosis.findings()) expect(code).toMatch(/^[A-Z_]+$/);
  expect(JSON.stringify([diagnosis.findings(), lines, events]).length).toBeLessThan(4_000);
  // The next one is looked into all the same.
  diagnosis.saw(noTemplate);
  await eventually(() => expect(codes()).toContain('JWT_TEMPLATE_MISSING'));
});

it.each<[string, object]>([
  ['claims of other types', { iss: 7, aud: { convex: true }, sub: null, iat: 'now', exp: Number.MAX_VALUE }],
  ['claims of a megabyte', { ...claims, iss: 'https://a.'.repeat(100_000), aud: ['convex'.repeat(100_000)] }],
])('comes to no harm by a token with %s', async (_what, hostile) => {
  token = tokenOf(hostile, { kid: ['ins_1'] });
  diagnosis.saw(refusedWith('No auth provider found matching the given token'));
  await found();
  expect(JSON.stringify(diagnosis.findings()).length).toBeLessThan(2_000);
});

it('keeps the token to itself', async () => {
  diagnosis.saw(refusedWith('No auth provider found matching the given token'));
  await found();
  await told();
  expect(JSON.stringify([diagnosis.findings(), events, lines])).not.toMatch(/eyJ|c2ln|token=1/);
});
