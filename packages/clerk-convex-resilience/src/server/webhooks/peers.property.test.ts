import { verifyWebhook } from '@clerk/backend/webhooks';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { createClerkWebhookHandler } from './createClerkWebhookHandler.ts';
import { deliveryRequest, eventBody, otherSecret, secret, signedHeaders, userCreated } from './testDelivery.ts';

// The same deliveries to this handler, to @clerk/backend's verifyWebhook and to svix: do they agree?

const at = 1_700_000_000_000;
// They read the system's clock.
beforeEach(() => vi.useFakeTimers({ now: at, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

type Sent = { headers: Record<string, string | undefined>; body: string | Uint8Array };

const ours = createClerkWebhookHandler({ secrets: secret, on: { '*': () => {} }, logger: null });
const svix = new SvixWebhook(secret);
const yes = () => true;
const no = () => false;
const requestOf = ({ headers, body }: Sent) => deliveryRequest({ at }, { headers, body: body as BodyInit });

async function verdictsOn(sent: Sent) {
  const buffer = Buffer.from(sent.body as string);
  const headers = Object.fromEntries(requestOf(sent).headers);
  return {
    ours: (await ours(requestOf(sent))).ok,
    clerk: await verifyWebhook(requestOf(sent), { signingSecret: secret }).then(yes, no),
    svix: await Promise.resolve()
      .then(() => svix.verify(buffer, headers))
      .then(yes, no),
  };
}

const { random } = createTestClock({ seed: 7 });
const below = (n: number): number => Math.floor(random() * n);
const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;

const replaced = (text: string, letters: string): string => {
  const i = below(text.length);
  return text.slice(0, i) + pick([...letters]) + text.slice(i + 1);
};
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';

/** Deliveries of every kind of signature: right, rotated, of another secret, old, early, and changed in each of its parts. */
function someDelivery(): Sent {
  const body = pick([userCreated(), eventBody('session.ended', { id: `sess_${below(99)}`, updated_at: below(99) })]);
  const id = `msg_${below(1e6)}`;
  const time = at + pick([0, 0, 0, -299_000, 299_000, -300_000, 300_000, -301_000, 301_000, -below(1e9)]);
  const headers = signedHeaders({ id, at: time, body });
  const own = headers['svix-signature'];
  const other = signedHeaders({ id, at: time, body, secret: otherSecret })['svix-signature'];
  const change = pick<() => Partial<Sent>>([
    () => ({}),
    () => ({}),
    () => ({
      headers: { ...headers, 'svix-signature': pick([other, `${other} ${own}`, `${own} ${other}`, `v2,x ${own}`]) },
    }),
    () => ({ headers: { ...headers, 'svix-signature': replaced(own, base64) } }),
    () => ({
      headers: { ...headers, 'svix-signature': pick(['v1', 'v1,', ' ', own.slice(3), own.replace('v1', 'v2')]) },
    }),
    () => ({ headers: { ...headers, 'svix-id': replaced(id, base64) } }),
    () => ({ headers: { ...headers, 'svix-timestamp': replaced(headers['svix-timestamp'], '123456789') } }),
    () => ({ headers: { ...headers, [pick(Object.keys(headers).slice(1))]: undefined } }),
    () => ({ body: replaced(body, base64) }),
    () => ({ body: body.slice(0, -1 - below(20)) }),
    () => ({ body: JSON.stringify(JSON.parse(body)) }),
  ])();
  return { headers, body, ...change };
}

it('3,000 deliveries, valid and not, get the same verdict from all three', { timeout: 60_000 }, async () => {
  const tally = { accepted: 0, refused: 0 };
  for (let i = 0; i < 3_000; i++) {
    const sent = someDelivery();
    const verdicts = await verdictsOn(sent);
    if (new Set(Object.values(verdicts)).size > 1) expect.fail(JSON.stringify({ verdicts, sent }));
    tally[verdicts.ours ? 'accepted' : 'refused']++;
  }
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
