import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { compareVerdicts, type Sent, verdictsOn } from './peers.property.ts';
import { secret, signedHeaders, userCreated } from './testDelivery.ts';

// The same deliveries to this handler, to @clerk/backend's verifyWebhook and to svix: do they agree?

const at = 1_700_000_000_000;
// They read the system's clock.
beforeEach(() => vi.useFakeTimers({ now: at, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

it('3,000 deliveries, valid and not, get the same verdict from all three', { timeout: 60_000 }, async () => {
  const tally = await compareVerdicts(3_000, createTestClock({ seed: 7 }).random, at);
  expect(tally.accepted).toBeGreaterThan(300);
  expect(tally.refused).toBeGreaterThan(1_000);
});

describe('where they differ', () => {
  const headers = signedHeaders({ at });
  const signature = headers['svix-signature'];
  const signedAs = (text: string) => new Webhook(secret).sign('msg_1', new Date(at), text);
  const body = userCreated();
  const marked = `\uFEFF${body}`;
  const broken = (() => {
    const bytes = new TextEncoder().encode(body.replace('Zoë', 'Zo!'));
    return bytes.map((byte) => (byte === 33 ? 0xff : byte));
  })();
  const asStandard = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('svix-')
        ? [
            [name, undefined],
            [name.replace('svix-', 'webhook-'), value],
          ]
        : [],
    ),
  );
  it.each<[string, Sent, { ours: boolean; clerk: boolean; svix: boolean }]>([
    // Ours is the stricter one: none of these is what was signed, byte for byte.
    [
      'letters behind the time',
      { headers: { ...headers, 'svix-timestamp': `${at / 1000}x` }, body },
      { ours: false, clerk: true, svix: true },
    ],
    [
      'a third part behind the signature',
      { headers: { ...headers, 'svix-signature': `${signature},x` }, body },
      { ours: false, clerk: true, svix: true },
    ],
    ['a byte order mark that was not signed', { headers, body: marked }, { ours: false, clerk: true, svix: false }],
    [
      'bytes that are not UTF-8, signed as what they are replaced with',
      {
        headers: { ...headers, 'svix-signature': signedAs(new TextDecoder().decode(broken)) },
        body: broken,
      },
      { ours: false, clerk: true, svix: true },
    ],
    // Not about the signature: svix 2 does not look into the body, and Clerk's takes any JSON.
    [
      'a signed body that is no JSON',
      { headers: { ...headers, 'svix-signature': signedAs('hello') }, body: 'hello' },
      { ours: false, clerk: false, svix: true },
    ],
    [
      'a signed body that is JSON and no event',
      { headers: { ...headers, 'svix-signature': signedAs('{}') }, body: '{}' },
      { ours: false, clerk: true, svix: true },
    ],
    [
      'another Content-Type',
      { headers: { ...headers, 'content-type': 'text/plain' }, body },
      { ours: false, clerk: true, svix: true },
    ],
    ['the names of Standard Webhooks', { headers: asStandard, body }, { ours: true, clerk: false, svix: true }],
  ])('%s', async (_, sent, verdicts) => {
    expect(await verdictsOn(sent)).toEqual(verdicts);
  });
});
