import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkConvexUrl } from '../../../config/convexUrl.ts';
import { checkPublishableKey } from '../../../config/publishableKey.ts';
import { configAdvice } from './configAdvice.ts';

const key = `pk_test_${btoa('happy-otter-1.clerk.accounts.dev$')}`;
const url = 'https://happy-animal-123.convex.cloud';
const secret = 'sk_test_abcdefghijkl';

/** The codes, and what is said. */
function advise(publishableKey: string | undefined, convexUrl: string | undefined) {
  const problems = [checkPublishableKey(publishableKey), checkConvexUrl(convexUrl)].filter((it) => it !== null);
  return configAdvice(problems, { publishableKey, convexUrl });
}

describe('what a Next.js app is told to set', () => {
  beforeEach(() => void vi.stubEnv('CLERK_SECRET_KEY', secret));
  afterEach(() => void vi.unstubAllEnvs());

  it.each<[string, string | undefined, string | undefined, string | undefined, string[]]>([
    ['all is set', key, url, secret, []],
    [
      'nothing is set',
      undefined,
      undefined,
      undefined,
      ['PUBLISHABLE_KEY_MISSING', 'CONVEX_URL_MISSING', 'SECRET_KEY_MISSING'],
    ],
    ['empty is not set', '', '', '', ['PUBLISHABLE_KEY_MISSING', 'CONVEX_URL_MISSING', 'SECRET_KEY_MISSING']],
    ['a key that is cut off', 'pk_test_abc', url, secret, ['PUBLISHABLE_KEY_MALFORMED']],
    ['a secret key in its place', secret, url, secret, ['SECRET_KEY_IN_PUBLIC_VARIABLE']],
    ['an address of HTTP actions', key, 'https://a-b-1.convex.site', secret, ['CONVEX_URL_MALFORMED']],
    ['no secret key', key, url, undefined, ['SECRET_KEY_MISSING']],
    ['a public key in its place', key, url, key, ['SECRET_KEY_MALFORMED']],
    ['keys of a development and a production instance', key, url, 'sk_live_abc', ['SECRET_KEY_OF_ANOTHER_INSTANCE']],
  ])('%s', (_, publishableKey, convexUrl, secretKey, codes) => {
    vi.stubEnv('CLERK_SECRET_KEY', secretKey);
    expect(advise(publishableKey, convexUrl).map(({ code }) => code)).toEqual(codes);
  });

  it('names the variables as Next.js has them', () => {
    vi.stubEnv('CLERK_SECRET_KEY', undefined);
    const text = advise(undefined, undefined).map(({ text: { title, fix } }) => [title, ...fix].join(' '));
    expect(text[0]).toContain('NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_…');
    expect(text[1]).toContain('NEXT_PUBLIC_CONVEX_URL');
    expect(text[2]).toContain('CLERK_SECRET_KEY=sk_test_…');
  });

  it('shows no secret', () => {
    vi.stubEnv('CLERK_SECRET_KEY', 'sk_live_abcdefghijkl/');
    expect(JSON.stringify(advise('sk_live_mnopqrstuvwx', `https://x.convex.cloud?a=${secret}`))).not.toMatch(
      /abcdefghij|mnopqrst/,
    );
  });
});
