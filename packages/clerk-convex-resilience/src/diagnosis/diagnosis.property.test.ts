import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeToken } from './checks/token/judgeToken.ts';
import { describeWith } from './describeFinding.ts';
import { diagnose } from './diagnoseAll.ts';
import type { Evidence, HostAnswer, LogEvidence, NetworkEvidence, RuntimeEvidence, TokenEvidence } from './evidence.ts';
import { findingCodes } from './findings.ts';
import { bn } from './prose/bn.ts';
import { en } from './prose/en.ts';
import { ru } from './prose/ru.ts';
import { diagnoseRuntime } from './runtimeEngine.ts';

const numRuns = 300;

// What may be in evidence and never in a finding, as it stands in texts of other people: between what ends a word.
const mark = 'cantaloupe';
const base64 = (json: unknown) => btoa(JSON.stringify(json)).replace(/=+$/, '');
const secret = fc.constantFrom(
  `sk_live_${mark}1234567890`,
  `sk_test_${mark}`,
  `whsec_${mark}/+==`,
  `${base64({ alg: 'RS256' })}.${base64({ sub: mark })}.${mark}`,
  `Bearer ${mark}`,
  `${mark}@example.com`,
);
const texts = fc.constantFrom(
  'No auth provider found matching the given token',
  '[OIDC(domain=https://a.example.com, app_id=convex)]',
  '[OIDC(domain=https://a.example.com/, app_id=',
  'CustomJWT(issuer=, app_id=none)',
  ')]})',
  '(no providers configured)',
  'Could not verify OIDC token claim',
  'Auth provider discovery of ',
  ' failed',
  ': 404 ',
  'Could not fetch JWKS from URL ',
  "Could not decode token. The JWT's 'kid' (key ID) header is '",
  "'",
  '"',
  'Could not validate token: ',
  'Invalid audience',
  'is used in auth config file but its value was not set',
);
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('\ud800', '\u202e)gnihton', '\u0000', '০১২', '`\n</details>', '\u0024{process.env}'),
  texts,
  secret,
  fc.array(fc.oneof(texts, secret, fc.string({ maxLength: 8 })), { maxLength: 6 }).map((parts) => parts.join(' ')),
);
const anything = fc.oneof(text, fc.anything({ maxDepth: 2 }), fc.integer(), fc.constantFrom(Number.NaN, 1e300, -1));
const claims = fc.dictionary(
  fc.constantFrom('iss', 'aud', 'sub', 'exp', 'iat', 'nbf', 'other'),
  anything,
) as fc.Arbitrary<RuntimeEvidence['claims'] & {}>;
const header = fc.dictionary(fc.constantFrom('alg', 'kid', 'typ'), anything);
const some: { requiredKeys: [] } = { requiredKeys: [] };
const ms = fc.oneof(fc.integer({ min: -1e7, max: 1e7 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY));
const list = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 4 });

const runtime: fc.Arbitrary<RuntimeEvidence> = fc.record(
  {
    origin: text,
    isProduction: fc.boolean(),
    publishableKey: fc.oneof(
      text,
      fc.webUrl().map((url) => `pk_test_${btoa(`${new URL(url).host}$`)}`),
    ),
    convexUrl: text,
    tokenRequest: fc.record({
      status: fc.constantFrom(404, 400, 0),
      code: fc.oneof(fc.constantFrom('resource_not_found', 'origin_invalid'), text),
      template: fc.boolean(),
    }),
    claims,
    header,
    refusal: text,
    refusedForMs: ms,
    clockAheadMs: ms,
    publishedKids: list(text),
    scriptBlocked: fc.record({ host: text, csp: fc.boolean() }),
    cookieIssuer: text,
    versions: fc.dictionary(fc.constantFrom('react', 'convex', 'clerk-js', '__proto__'), text),
  },
  some,
);
const token: fc.Arbitrary<TokenEvidence> = fc
  .tuple(fc.option(claims), fc.option(header), list(text))
  .map(([of, head, publishedKids]) => ({ claims: of, header: head, publishedKids }));
const answer = <Part extends object>(part: fc.Arbitrary<Part>): fc.Arbitrary<HostAnswer & Part> =>
  fc
    .tuple(
      fc.record(
        {
          host: text,
          status: fc.constantFrom(0, 200, 302, 401, 403, 404, 405, 429, 500, 511, 999),
          contentType: text,
          isGenuine: fc.boolean(),
          location: text,
          code: fc.oneof(fc.constant('not_configured'), text),
          fault: fc.constantFrom('dns', 'tls', 'refused', 'timeout', 'reset', 'other'),
          reason: text,
        },
        { requiredKeys: ['host'] },
      ),
      part,
    )
    .map(([own, rest]) => ({ ...own, ...rest }));
const network: fc.Arbitrary<NetworkEvidence> = fc.record(
  {
    frontendApi: answer(fc.constant({})),
    identityProvider: answer(text.map((issuer) => ({ issuer }))),
    convex: answer(text.map((url) => ({ url }))),
    webhook: answer(text.map((url) => ({ url }))),
    backendApi: fc.record(
      {
        status: fc.constantFrom(200, 401),
        templates: list(
          fc.record({ name: fc.oneof(text, fc.constantFrom('convex', 'Convex')), lifetime: ms, aud: anything }),
        ),
        integration: fc.boolean(),
        sameInstance: fc.boolean(),
      },
      some,
    ),
    incidents: list(text),
    clockAheadMs: ms,
  },
  some,
);
const log: fc.Arbitrary<LogEvidence> = fc.record({
  tokenFailures: fc.dictionary(text, fc.nat(9)),
  templateNotFound: fc.nat(2),
  withoutIdentity: list(text),
  refusals: list(text),
  codes: list(fc.oneof(text, fc.constantFrom(...findingCodes))),
});
const evidence: fc.Arbitrary<Evidence> = fc.record({ now: ms, runtime, token, network, log }, some);

describe('diagnose, of whatever evidence', () => {
  it('never throws, says each thing once, and shows no token, secret or e-mail address', () => {
    const told = new Set<string>();
    fc.assert(
      fc.property(evidence, (given) => {
        const findings = diagnose(given);
        for (const { code } of findings) told.add(code);
        const shown = JSON.stringify([findings, diagnoseRuntime(given), judgeToken(given)]);
        expect(shown).not.toContain(mark);
        expect(shown).not.toContain(base64({ sub: mark }));
        expect(new Set(findings.map((finding) => JSON.stringify(finding))).size).toBe(findings.length);
        for (const finding of findings) expect(JSON.stringify(finding).length).toBeLessThan(2000);
      }),
      { numRuns },
    );
    // What is never said shows nothing.
    expect(told.size).toBeGreaterThan(25);
  });

  it('is said in every language, whatever was seen', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const parts = diagnose(given).flatMap((finding) =>
          [en, ru, bn].flatMap((prose) => {
            const { title, seen = '', expected = '', fix } = describeWith(prose, finding);
            return [title, seen, expected, ...fix];
          }),
        );
        // One line each, with a pair for each backtick.
        const isBad = (part: string) => /[\r\n]/.test(part) || part.split('`').length % 2 === 0 || part.includes(mark);
        expect(parts.filter(isBad)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('says the same of the same', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        expect(diagnose(given)).toEqual(diagnose(given));
      }),
      { numRuns: 50 },
    );
  });
});

describe('diagnose, of a text that somebody has made to be slow', () => {
  const megabyte = 1_000_000;
  const repeat = (part: string) => part.repeat(Math.ceil(megabyte / part.length));
  it.each([
    ['brackets that are never closed', repeat('[OIDC(domain=')],
    ['a list without end', `No auth provider found ${repeat('OIDC(domain=https://a.b, app_id=c), ')}`],
    ['a discovery that never ends', repeat('Auth provider discovery of ')],
    ['one word', repeat('a')],
    ['slashes', `https://a.b${repeat('/')}x`],
    ['dots', repeat('a.')],
    ['half an address', repeat('a@')],
    ['half a token', `eyJ${repeat('a')}.${repeat('-')}`],
    ['blanks', repeat(' ')],
    ['quotes', `Could not fetch JWKS from URL ${repeat("'")}`],
  ])('%s', (_name, long) => {
    const answered: HostAnswer = { host: long, status: 302, location: long, contentType: long, reason: long };
    const started = performance.now();
    const findings = diagnose({
      now: 0,
      runtime: {
        origin: long,
        publishableKey: `pk_test_${long}`,
        convexUrl: long,
        claims: { iss: long, aud: [long, long], sub: long, exp: 1, iat: 0 },
        header: { kid: long, alg: long },
        publishedKids: [long],
        refusal: long,
        cookieIssuer: long,
        isProduction: true,
        scriptBlocked: { host: long, csp: true },
        versions: { react: long },
      },
      token: { claims: { iss: long, aud: long, sub: long }, header: { kid: long }, publishedKids: [long] },
      network: {
        frontendApi: answered,
        identityProvider: { ...answered, issuer: long },
        convex: { ...answered, url: long },
        webhook: { ...answered, url: long },
        backendApi: { templates: [{ name: long, aud: long }], integration: false },
        incidents: [long],
      },
      log: {
        tokenFailures: { [long]: 1 },
        templateNotFound: 0,
        withoutIdentity: [long],
        refusals: [long],
        codes: [long],
      },
    });
    // Some milliseconds here; what grows with the square of a megabyte takes minutes.
    expect(performance.now() - started).toBeLessThan(2000);
    for (const finding of findings) expect(JSON.stringify(finding).length).toBeLessThan(2000);
  });
});
