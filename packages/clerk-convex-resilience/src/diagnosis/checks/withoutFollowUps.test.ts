import { describe, expect, test } from 'vitest';
import { finding } from '../findings.ts';
import { withoutFollowUps } from './withoutFollowUps.ts';

const failing = finding('WEBHOOK_ENDPOINT_FAILING', { url: 'https://app.example.com/webhook', status: 500 });
const noKey = finding('PUBLISHABLE_KEY_MISSING', { name: 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY' });

describe('a webhook endpoint that fails beside a key that is missing', () => {
  test('comes of the key where the app serves it', () => {
    expect(withoutFollowUps([failing], [noKey], 'app')).toEqual([]);
  });
  test('has a cause of its own where the key may be on the host, as far as the files say', () => {
    const inNoFile = finding(
      'SECRET_KEY_MISSING',
      { name: 'CLERK_SECRET_KEY', mayBeOnHost: true },
      undefined,
      'warning',
    );
    expect(withoutFollowUps([failing], [inNoFile], 'app')).toEqual([failing]);
  });
  test('has a cause of its own where Convex serves it', () => {
    expect(withoutFollowUps([failing], [noKey], 'convex')).toEqual([failing]);
  });
});

test('a webhook endpoint that fails comes of a captive portal, which answers in its place', () => {
  const portal = finding('CAPTIVE_PORTAL', { host: 'clerk.example.com', seen: '200 text/html' });
  expect(withoutFollowUps([failing, portal])).toEqual([portal]);
});
