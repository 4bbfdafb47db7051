import { describe, expect, test } from 'vitest';
import { argument, code, discoveryUrl, oneOr, publicVariable, setIssuerCommand } from './code.ts';

test.each([
  ['a value', 'https://a.example', '`https://a.example`'],
  ['nothing', '', '`""`'],
  ['a space at the end, which is the point', '"convex "', '`"convex "`'],
  ['backticks', 'a`b`c', "`a'b'c`"],
  ['lines', 'a\r\nb\tc', '`a b c`'],
  ['what is endless', 'x'.repeat(1000), `\`${'x'.repeat(300)}…\``],
])('shows %s', (_, value, shown) => expect(code(value)).toBe(shown));

test.each([
  ['.env.local', '.env.local'],
  ['my app/.env', "'my app/.env'"],
  ['a; rm -rf ~', "'a; rm -rf ~'"],
  ["it's", String.raw`'it'\''s'`],
  ['$(date)\n`date`', "'$(date)date'"],
])('gives a shell %j as one word', (value, word) => expect(argument(value)).toBe(word));

describe('the command that sets the issuer', () => {
  test.each([
    [
      'names what is known',
      'CLERK_FRONTEND_API_URL',
      'https://a.clerk.accounts.dev',
      'CLERK_FRONTEND_API_URL https://a.clerk.accounts.dev',
    ],
    ['has no slash at the end', 'X', 'https://a.example/', 'X https://a.example'],
    ['has an example where the issuer is not known', 'X', undefined, 'X https://your-app.clerk.accounts.dev'],
    ['takes no command from a token', 'X', 'https://a.example; rm -rf ~', 'X https://your-app.clerk.accounts.dev'],
    [
      'takes no list for an address',
      'X',
      'https://a.example, https://b.example',
      'X https://your-app.clerk.accounts.dev',
    ],
    ['knows a variable from a field', 'domain', 'https://a.example', 'CLERK_JWT_ISSUER_DOMAIN https://a.example'],
  ])('%s', (_, name, issuer, rest) => expect(setIssuerCommand(name, issuer)).toBe(`\`npx convex env set ${rest}\``));
});

test.each(['https://a.example/', 'a.example'])('opens the discovery document of %s', (domain) => {
  expect(discoveryUrl(domain)).toBe('`https://a.example/.well-known/openid-configuration`');
});

test('names the variable of each framework where only the prop is known', () => {
  expect(publicVariable('VITE_CONVEX_URL', 'CONVEX_URL')).toBe('`VITE_CONVEX_URL`');
  expect(publicVariable('convexUrl', 'CONVEX_URL')).toBe(
    '`VITE_CONVEX_URL` / `NEXT_PUBLIC_CONVEX_URL` / `EXPO_PUBLIC_CONVEX_URL`',
  );
});

test.each([
  ['convex', 'convex'],
  ['my-app', 'my-app'],
  ['convex, other', 'fallback'],
  ['none', 'fallback'],
  ['…', 'fallback'],
])('of %j asks to type %s', (value, typed) => expect(oneOr(value, 'fallback')).toBe(`\`${typed}\``));
