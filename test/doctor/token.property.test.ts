import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cleanProject } from '../../packages/clerk-convex-doctor/src/testing/cleanProject.ts';
import { run } from '../../packages/clerk-convex-doctor/src/testing/run.ts';
import { temporaryFolder } from '../../packages/clerk-convex-doctor/src/testing/temporaryFolder.ts';

const numRuns = 150;

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const seconds = fc.oneof(fc.integer(), fc.constant(Number.MAX_SAFE_INTEGER), fc.constant('soon'), fc.constant(null));
const claims = fc.oneof(
  fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify(value)),
  fc
    .record(
      {
        iss: fc.webUrl(),
        aud: fc.oneof(fc.string(), fc.array(fc.string())),
        sub: fc.string(),
        exp: seconds,
        iat: seconds,
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{"__proto__":{"exp":1},"constructor":1}',
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    '{"exp":1e999,"iat":-1e999}',
    `{"sub":"${'x'.repeat(1_000_000)}"}`,
    '{"iss":"file:///etc/passwd"}',
    '\u0000',
  ),
);
const header = fc.oneof(
  fc.constantFrom('{"alg":"RS256","kid":"ins_1"}', '{"alg":"none"}', '{"alg":"HS256"}', '{"kid":{}}', '[]'),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);
const secret = 'c2VjcmV0LXNpZ25hdHVyZQ';
const tokens = fc.oneof(
  fc.tuple(header, claims).map(([head, body]) => `${base64url(head)}.${base64url(body)}.${secret}`),
  fc.array(fc.string(), { maxLength: 6 }).map((parts) => `${parts.join('.')}.${secret}`),
  fc.tuple(fc.base64String(), claims).map(([head, body]) => `Bearer ${head}.${base64url(body)}.${secret}`),
);

it('judges whatever it is given, throws nothing, and shows no signature', async () => {
  const root = temporaryFolder(cleanProject());
  await fc.assert(
    fc.asyncProperty(tokens, async (token) => {
      const ran = await run(root, ['token', '-', '--offline'], { input: token });
      expect([0, 1, 2]).toContain(ran.code);
      expect(`${ran.out}${ran.err}`).not.toContain(secret);
      expect(`${ran.out}${ran.err}`).not.toMatch(/\n\s+at \S+ \(|TypeError|RangeError|SyntaxError/);
      expect(ran.out.length + ran.err.length).toBeLessThan(100_000);
    }),
    { numRuns },
  );
});
