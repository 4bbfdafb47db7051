import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from './createTimeline.ts';
import type { AuthSnapshot } from './readSnapshot.ts';
import { redact, shortened, withoutTokens } from './redact.ts';
import { type ReportOptions, reportOf } from './reportOf.ts';

const at = Date.UTC(2026, 0, 15, 9, 30);
const jwt = `eyJhbGciOiJSUzI1NiJ9.${btoa('{"sub":"user_2abcdefghijk"}').replace(/=+$/, '')}.c2lnbmF0dXJlc2lnbmF0dXJl`;
const claims = [
  ['iss', 'https://clerk.app.test?secret=query'],
  ['aud', ['convex', 'other']],
  ['azp', 'https://app.test'],
  ['iat', at / 1000],
  ['exp', at / 1000 + 60],
  ['nbf', 'soon'],
  ['sub', 'user_2abcdefghijk'],
  ['sid', 'sess_9zyxwvutsr'],
  ['email', 'ada@example.com'],
  ['name', 'Ada Lovelace'],
  ['supabase', jwt],
] as const;
const snapshot: AuthSnapshot = {
  at,
  phase: 'signed_in',
  clerkStatus: 'ready',
  isOnline: true,
  token: { status: 'waiting', failures: 3, nextAttemptAt: at + 1_000, isDoubtful: true },
  identity: { status: 'confirmed', since: at },
  isGuarded: true,
  pendingSignOuts: 0,
  claims,
};
const entry = (id: number, text: string): TimelineEntry => ({ id, at: at + id * 1_000, kinds: ['requests'], text });
const options: ReportOptions = {
  at,
  versions: [
    ['clerk-js', '6.40.0'],
    ['convex', undefined],
  ],
  health: {
    status: 'recovering',
    failure: { kind: 'server', retryable: true, source: 'clerk', status: 500, code: `bad ${jwt}`, cause: jwt },
    since: at,
    attempt: 3,
    nextAttemptAt: null,
    signedIn: true,
  },
  snapshot,
  entries: [],
  startedAt: at,
};

describe('reportOf', () => {
  it('tells what is wrong and in which versions, and of a person nothing', () => {
    const entries = Array.from({ length: 60 }, (_, i) => entry(i, `event ${i}`));
    const report = reportOf({
      ...options,
      entries: [...entries, entry(61, `ada@example.com asked https://x.test/v1?rotating_token=abc with ${jwt}`)],
    });
    expect(report).toBe(`## Auth report

- at: 2026-01-15T09:30:00.000Z
- versions: clerk-js 6.40.0, convex unknown
- health: recovering
- finding: \`server\` Clerk says so, with status 500.
- phase: signed_in
- Clerk: ready
- browser: online
- token: waiting, 3 failures in a row, doubtful
- identity: confirmed
- guard: on
- sign-outs to be confirmed: 0

### Claims of the token

- iss: https://clerk.app.test
- aud: convex, other
- azp: https://app.test
- iat: 2026-01-15T09:30:00.000Z
- exp: 2026-01-15T09:31:00.000Z
- nbf: no number
- sub: user_2ab…
- sid: sess_9zy…
- others, by name: email, name, supabase

### Events (the last 50 of 61)

\`\`\`
${entries
  .slice(11)
  .map(({ id, text }) => `${`+${id}.00 s`.padStart(9)}  ${text}`)
  .join('\n')}
    +1:01  [email] asked https://x.test/v1 with [token]
\`\`\`
`);
  });

  it.each<[string, Partial<ReportOptions>, expected: string]>([
    ['no token', { snapshot: { ...snapshot, claims: null } }, 'No token is held.'],
    ['a token that is no JWT', { snapshot: { ...snapshot, claims: 'unreadable' } }, 'A token is held that is no JWT.'],
    [
      'a setting that is missing',
      {
        snapshot: null,
        health: { status: 'unconfigured', problems: [{ option: 'convexUrl', message: 'convexUrl is missing.' }] },
      },
      '- finding: `convexUrl` convexUrl is missing.',
    ],
    ['a claim that is no date', { snapshot: { ...snapshot, claims: [['exp', 1e30]] } }, '- exp: no date'],
    ['no other claim', { snapshot: { ...snapshot, claims: [] } }, '- others, by name: none'],
  ])('says so where there is %s', (_, change, expected) => {
    expect(reportOf({ ...options, ...change })).toContain(expected);
  });
});

describe('redact', () => {
  it.each([
    [`Bearer ${jwt}!`, 'Bearer [token]!'],
    [`the part ${jwt.split('.')[1]} of it`, 'the part [token] of it'],
    ['x'.repeat(20).concat('.', 'y'.repeat(20), '.', 'z'.repeat(20)), '[token]'],
    ['happy-hippo-12.clerk.accounts.dev', 'happy-hippo-12.clerk.accounts.dev'],
    ['https://happy-animal-123.convex.cloud/api/query', 'https://happy-animal-123.convex.cloud/api/query'],
    ['wss://x.test/a?b=c#d, and', 'wss://x.test/a and'],
    ['<ada.lovelace+1@mail.example.co.uk>', '<[email]>'],
    ['pk_test_Y2xlcmsuYXBwJA and sk_live_abcdefgh', '[key] and [key]'],
  ])('makes of %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('takes tokens alone from what stays in the panel', () => {
    expect(withoutTokens(`ada@example.com ${jwt}`)).toBe('ada@example.com [token]');
  });

  it.each([
    ['user_2abcdef', 'user_2ab…'],
    ['abc', '…'],
    ['', '…'],
    ['4711-0815', '471…'],
  ])('cuts %s short', (id, expected) => {
    expect(shortened(id)).toBe(expected);
  });
});
