import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import type { GuardedAppProps } from '../../../next.client.ts';
import { ClerkConfigGuard } from './ClerkConfigGuard.tsx';

// What is handed to the client part is what the page shows of it.
vi.mock('../../../next.client.ts', () => ({
  GuardedApp: ({ publishableKey, convexUrl }: GuardedAppProps) => JSON.stringify({ publishableKey, convexUrl }),
}));

const key = `pk_test_${btoa('clerk.example.com$')}`;
const url = 'https://happy-animal-123.convex.cloud';

it.each([
  ['a key and a URL', key, url, { publishableKey: key, convexUrl: url }],
  ['both with a newline', `${key}\n`, `${url}\n`, { publishableKey: key, convexUrl: url }],
  ['a secret key', 'sk_live_verysecret', url, { publishableKey: 'sk_', convexUrl: url }],
  ['a secret key in quotes', '"sk_live_verysecret"', url, { publishableKey: 'sk_', convexUrl: url }],
  ['a secret key after a space', ' sk_live_verysecret', url, { publishableKey: 'sk_', convexUrl: url }],
  ['something else', 'whsec_verysecret', url, { publishableKey: 'malformed', convexUrl: url }],
  ['a deploy key', key, 'prod:happy-animal-123|verysecret', { publishableKey: key, convexUrl: 'malformed' }],
  ['nothing', '', '', { publishableKey: '', convexUrl: '' }],
])('hands over no secret: %s', async (_name, publishableKey, convexUrl, expected) => {
  const html = renderToStaticMarkup(await ClerkConfigGuard({ publishableKey, convexUrl, banner: false }));
  expect(JSON.parse(html.replaceAll('&quot;', '"'))).toEqual(expected);
});
