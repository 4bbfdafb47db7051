import { describe, expect, test } from 'vitest';
import { describeWith, type FindingText } from '../describeFinding.ts';
import { type Finding, type FindingArgs, type FindingCode, finding, findingCodes } from '../findings.ts';
import { bn } from './bn.ts';
import { catalogue } from './catalogue.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

const languages = { en, ru, bn };

/** What may be absent. */
const optional: { readonly [Code in FindingCode]?: readonly (keyof FindingArgs[Code])[] } = {
  JWT_TEMPLATE_MISSING: ['frontendApi'],
  TOKEN_SIGNATURE_MISMATCH: ['issuer', 'kid'],
  AUTH_CONFIG_NOT_DEPLOYED: ['deployment'],
  ISSUER_ENV_MISSING: ['expected'],
  IDENTITY_PROVIDER_UNREACHABLE: ['domain'],
  IDENTITY_PROVIDER_WRONG: ['domain'],
  WEBHOOK_ROUTE_PROTECTED: ['status'],
  ORIGIN_NOT_ALLOWED: ['origin'],
};

const exampleOf = (code: FindingCode): Finding => finding(code, catalogue[code].example as never) as Finding;
const sparse = (code: FindingCode): Finding => {
  const absent: readonly string[] = optional[code] ?? [];
  const args = Object.entries(catalogue[code].example).filter(([name]) => !absent.includes(name));
  return finding(code, Object.fromEntries(args) as never) as Finding;
};
/** Every text of somebody else's, as somebody might write it who wants to run a command or break the page. */
const hostile = (code: FindingCode): Finding => {
  const args = Object.entries(catalogue[code].example).map(([name, value]) =>
    typeof value === 'string' && name !== 'kind' && name !== 'reason'
      ? [name, '`$(reboot)`\n</details>']
      : [name, value],
  );
  return finding(code, Object.fromEntries(args) as never) as Finding;
};
interface Another {
  readonly example: object;
}
const branches: readonly Finding[] = [
  finding('WEBHOOK_ROUTE_MISSING', { expected: 'app/api/webhooks/clerk/route.ts', isInApp: true }),
  finding('WEBHOOK_ENDPOINT_FAILING', { url: 'https://app.example.com/webhooks/clerk', status: 307 }),
  finding('CLOCK_SKEW', { seconds: -75 }),
  ...findingCodes.flatMap((code) => {
    const entry: { readonly other?: Another | readonly Another[] } = catalogue[code];
    return [entry.other ?? []].flat().map(({ example }) => finding(code, example as never) as Finding);
  }),
  finding('PUBLISHABLE_KEY_MISSING', { name: 'publishableKey' }),
  finding('CONVEX_URL_MISSING', { name: 'convexUrl' }),
  finding('TEST_KEY_IN_PRODUCTION', { name: 'publishableKey', where: 'https://app.example.com' }),
  finding('ISSUER_NOT_HTTPS', {
    name: 'domain',
    seen: 'http://clerk.example.com',
    expected: 'https://clerk.example.com',
  }),
  finding('ISSUER_TRAILING_SLASH', {
    name: 'issuer',
    seen: 'https://clerk.example.com/',
    expected: 'https://clerk.example.com',
    isWrittenOut: true,
  }),
  finding('SECRET_KEY_MISSING', { name: 'CLERK_SECRET_KEY', utf16: '.env.local' }),
  finding('CONVEX_URL_MISSING', { name: 'VITE_CONVEX_URL', utf16: '.env.local' }),
  finding('WEBHOOK_SECRET_MISSING', { name: 'CLERK_WEBHOOK_SIGNING_SECRET', utf16: '.env.local' }),
  finding('TOKEN_ISSUER_WRONG', { seen: '…', expected: '…' }),
  finding('TOKEN_AUDIENCE_WRONG', { seen: '…', expected: 'convex, other' }),
  finding('AUTH_CONFIG_WITHOUT_ISSUER', { seen: '…', expected: '…' }),
  finding('THIRD_PARTY_COOKIES_BLOCKED', { host: '…' }),
  finding('VERSION_UNSUPPORTED', { name: '@clerk/backend', seen: '^1.34.0', expected: '^2.0.0 || ^3.0.0' }),
];
const cases = [
  ...findingCodes.flatMap((code) => [
    [code, 'as in the catalogue', exampleOf(code)] as const,
    [code, 'with what is known least', sparse(code)] as const,
    [code, 'with hostile values', hostile(code)] as const,
  ]),
  ...branches.map((each) => [each.code, JSON.stringify(each.args), each] as const),
];

/** Holds for every example of every code; a failure says of which. */
const holds = (claim: string, check: (example: Finding, code: FindingCode) => void): void =>
  void test.each(findingCodes)(`%s: ${claim}`, (code) => {
    for (const [of, which, example] of cases) {
      if (of !== code) continue;
      try {
        check(example, code);
      } catch (cause) {
        throw new Error(`${which}: ${String(cause)}`, { cause });
      }
    }
  });

const partsOf = ({ title, seen = '', expected = '', fix }: FindingText) => [title, seen, expected, ...fix];
const codesOf = (text: FindingText) =>
  partsOf(text)
    .flatMap((part) => part.match(/`[^`]*`/g) ?? [])
    .sort();
const machines = /\/(home|Users|root|tmp|work|var)\/|[A-Z]:\\|127\.0\.0\.1|\b(10|192\.168)\.\d+\.\d+/;
const secrets = /\b(?:sk_(?:test|live)_|whsec_)[\w+/=]{4}|eyJ[\w-]{8}|[\w.+-]+@[\w-]+\.[a-z]{2}/;

describe.each(Object.entries(languages))('%s', (language, prose) => {
  test('has every code, and no other', () => expect(Object.keys(prose)).toEqual([...findingCodes]));

  holds('is said', (example) => {
    const text = describeWith(prose, example);
    for (const part of partsOf(text)) {
      expect(part).not.toMatch(/undefined|NaN|\[object|null/);
      expect(part).not.toMatch(/[\r\n]/);
      expect(part.replace(/`[^`]*`/g, ''), 'each backtick has its pair').not.toContain('`');
      expect(part).not.toMatch(machines);
      expect(part).not.toMatch(secrets);
    }
    expect(text.title).not.toMatch(/[.।]$/);
    expect(text.title).toMatch({ en: /[a-z]{3}/, ru: /[а-яё]{2}/i, bn: /[\u0980-\u09ff]{2}/ }[language] as RegExp);
    expect(text.fix.length).toBeGreaterThanOrEqual(1);
    expect(text.fix.length).toBeLessThanOrEqual(4);
    for (const step of text.fix) expect(step).toMatch(language === 'bn' ? /।$/ : /\.$/);
  });

  test('keeps titles short enough for one line', () => {
    const long = findingCodes
      .map((code) => describeWith(prose, exampleOf(code)).title)
      .filter(({ length }) => length > 100);
    expect(long).toEqual([]);
  });
});

holds('the same steps and the same commands in every language', (example) => {
  const english = describeWith(en, example);
  for (const prose of [ru, bn]) {
    const text = describeWith(prose, example);
    expect(text.fix).toHaveLength(english.fix.length);
    const { seen, expected, ...words } = text;
    const { seen: _, expected: __, ...englishWords } = english;
    expect(codesOf(words)).toEqual(codesOf(englishWords));
    expect([seen === undefined, expected === undefined]).toEqual(
      [english.seen, english.expected].map((it) => it === undefined),
    );
    // What is somebody's text, and what is ours in another language.
    if (![seen, expected].some((value) => /[\u0400-\u04ff\u0980-\u09ff]/.test(value ?? ''))) {
      expect([seen, expected]).toEqual([english.seen, english.expected]);
    }
    for (const value of [seen ?? '', expected ?? '']) {
      expect(value).not.toMatch(/\d (?:characters|s)\b|^`(?:none|no JWT|[\w ]+ is (?:missing|in the future))`$/);
    }
  }
});

test.each([
  [ru, 1, '`sk_live_… (1 символ)`'],
  [ru, 22, '`sk_live_… (22 символа)`'],
  [ru, 50, '`sk_live_… (50 символов)`'],
  [bn, 50, '`sk_live_… (50টি অক্ষর)`'],
  [en, 50, '`sk_live_… (50 characters)`'],
])('counts what it does not show', (prose, count, said) => {
  const seen = `sk_live_… (${count} characters)`;
  expect(describeWith(prose, finding('SECRET_IN_TRACKED_FILE', { kind: 'secret_key', seen })).seen).toBe(said);
});

test.each([
  ['sub or exp is missing', ['`sub or exp is missing`', '`нет sub или exp`', '`sub বা exp নেই`']],
  ['nbf is in the future', ['`nbf is in the future`', '`nbf ещё не наступил`', '`nbf-এর সময় এখনো আসেনি`']],
  ['no JWT', ['`no JWT`', '`не JWT`', '`JWT নয়`']],
  ['of theirs (16 characters)', Array.from({ length: 3 }, () => '`of theirs (16 characters)`')],
  ['Somebody’s own words', Array.from({ length: 3 }, () => '`Somebody’s own words`')],
])('says %s in each language', (reason, said) => {
  expect([en, ru, bn].map((prose) => describeWith(prose, finding('TOKEN_MALFORMED', { reason })).seen)).toEqual(said);
});

holds('names the library, which an app that the doctor looks at may not have', (example, code) => {
  for (const prose of [en, ru, bn]) {
    for (const part of partsOf(describeWith(prose, example)))
      expect(part).not.toMatch(/this library|(эт|наш)\S* библиотек|এই লাইব্রেরি/i);
  }
  expect(catalogue[code].cause).not.toMatch(/this library/i);
});

test('says of a JWT that lacks a claim what it lacks, and not that it is no JWT', () => {
  expect(describeWith(en, finding('TOKEN_MALFORMED', { reason: 'sub is missing' })).title).toContain('`sub`');
  expect(describeWith(en, finding('TOKEN_MALFORMED', { reason: 'it has 2 parts' })).title).toContain('not a JWT');
});

test('says of a redirect that it is one, and offers to write a route only where that is done', () => {
  const url = 'https://example.com/clerk';
  const location = 'https://www.example.com/clerk';
  const redirect = describeWith(en, finding('WEBHOOK_ENDPOINT_FAILING', { url, status: 308, location }) as Finding);
  expect(redirect).toMatchObject({
    title: expect.stringContaining('redirects'),
    seen: expect.stringContaining(location),
  });
  expect(redirect.fix[0]).toContain(location);
  const routes = [
    { expected: 'convex/http.ts' },
    { expected: 'app/route.ts', isInApp: true },
    { expected: url, status: 404 },
  ];
  const offers = routes.map((args) => describeWith(en, finding('WEBHOOK_ROUTE_MISSING', args as never) as Finding).fix);
  expect(offers.map((fix) => fix.join(' ').includes('--fix'))).toEqual([true, false, false]);
});

test('asks nobody without the library to change its entry for an older package', () => {
  const { fix } = describeWith(en, exampleOf('CLERK_REACT_DEPRECATED'));
  expect(fix).toContainEqual(expect.stringMatching(/^If the app imports `clerk-convex-/));
});

holds('never asks for what nobody has seen', (example) => {
  expect(codesOf(describeWith(en, example))).not.toContain('`…`');
});

holds('gives `convex env set` a name and a value', (example) => {
  const commands = codesOf(describeWith(en, example)).flatMap((each) => /convex env set (.+)`/.exec(each)?.[1] ?? []);
  // convex 1.31 refuses a name alone: "missing required argument 'value'".
  for (const words of commands) expect(words).toMatch(/^(?:[\w]+|'.*') \S/);
});

holds('finds the Frontend API URL in one place', (example) => {
  for (const part of partsOf(describeWith(en, example))) {
    if (part.includes('Frontend API URL')) expect(part).toContain('Configure → Domains');
  }
});

test.each([
  ['ISSUER_TRAILING_SLASH', 'domain'],
  ['ISSUER_TRAILING_SLASH', 'issuer'],
  ['ISSUER_NOT_HTTPS', 'domain'],
  ['ISSUER_NOT_HTTPS', 'issuer'],
] as const)('%s: what is written out as `%s` is changed where it stands', (code, name) => {
  const args = { name, seen: 'http://clerk.example.com/', expected: 'https://clerk.example.com' };
  for (const prose of [en, ru, bn]) {
    const [step] = describeWith(prose, finding(code, { ...args, isWrittenOut: true })).fix;
    expect(step?.match(/`[^`]+`/g)?.sort()).toEqual(
      [`\`${name}\``, '`convex/auth.config.ts`', '`https://clerk.example.com`'].sort(),
    );
    const [other] = describeWith(prose, finding(code, { ...args, name: 'CLERK_JWT_ISSUER_DOMAIN' })).fix;
    expect(other).toContain('npx convex env set');
  }
});

test.each(['PUBLISHABLE_KEY_MISSING', 'SECRET_KEY_MISSING', 'CONVEX_URL_MISSING', 'WEBHOOK_SECRET_MISSING'] as const)(
  '%s: says that the host may have it, where it may',
  (code) => {
    for (const prose of [en, ru, bn]) {
      const sure = describeWith(prose, finding(code, { name: 'X' }));
      const unsure = describeWith(prose, finding(code, { name: 'X', mayBeOnHost: true }));
      expect(unsure.title).not.toBe(sure.title);
      expect(unsure.fix.slice(1)).toEqual(sure.fix);
    }
  },
);

describe('the catalogue', () => {
  test('has every code, in the order of the findings', () => expect(Object.keys(catalogue)).toEqual([...findingCodes]));

  test.each(findingCodes)('%s: says what is seen, why, and how to verify', (code) => {
    const { symptom, cause, verify, lines = [] } = catalogue[code];
    for (const part of [symptom, cause, verify]) {
      expect(part.length).toBeGreaterThan(20);
      expect(part).toMatch(/[.:]$/);
      expect(part.replace(/`[^`]*`/g, ''), 'each backtick has its pair').not.toContain('`');
    }
    for (const part of [symptom, cause, verify, ...lines, JSON.stringify(catalogue[code].example)]) {
      expect(part).not.toMatch(/undefined(?! deployment address)/);
      expect(part).not.toMatch(machines);
      expect(part).not.toMatch(secrets);
    }
  });
});
