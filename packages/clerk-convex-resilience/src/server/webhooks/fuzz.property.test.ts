import { expect, it } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { createClerkWebhookHandler } from './createClerkWebhookHandler.ts';
import { eventBody, otherSecret, secret, signedHeaders, userCreated } from './testDelivery.ts';

const runs = 100_000;
const clock = createTestClock();
const { random } = createTestClock({ seed: 20 });
const at = clock.now();
const below = (n: number): number => Math.floor(random() * n);
const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;

const bodies = [userCreated(), eventBody('session.ended', { id: 'sess_1', updated_at: 1 }), eventBody('x', {}), '{}'];
const genuineOnes = bodies.map((body) => ({ headers: { ...signedHeaders({ at, body }) }, body }));
const letters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

/** One to three edits, each a letter put in, left out or in place of another. */
function edited(text: string): string {
  let result = text;
  for (let edits = 1 + below(3); edits > 0; edits--) {
    const i = below(result.length + 1);
    result = result.slice(0, i) + (random() < 0.7 ? pick(letters) : '') + result.slice(i + (random() < 0.7 ? 1 : 0));
  }
  return result;
}

type Sent = { headers: Record<string, string | undefined>; body: string | Uint8Array };

/** A genuine delivery, changed in something that the signature is over, or in the signature. */
const mutations: ((sent: Sent & { body: string }) => Partial<Sent>)[] = [
  ({ body }) => ({ body: edited(body) }),
  ({ body }) => ({ body: JSON.stringify(JSON.parse(body)) }),
  ({ body }) => ({ body: body + pick([' ', '\n', '\0', '{}']) }),
  ({ body }) => ({ body: body.slice(0, below(body.length)) }),
  ({ body }) => {
    const bytes = new TextEncoder().encode(body);
    bytes[below(bytes.length)] = below(256);
    return { body: bytes };
  },
  () => ({ body: Uint8Array.from({ length: below(200) }, () => below(256)) }),
  ({ headers }) => {
    const name = pick(['svix-id', 'svix-timestamp', 'svix-signature']);
    return { headers: { ...headers, [name]: edited(headers[name] ?? '') } };
  },
  ({ headers }) => ({
    headers: { ...headers, [pick(Object.keys(headers))]: pick([undefined, '', 'v1,', 'NaN', '0']) },
  }),
  ({ headers, body }) => ({
    headers: { ...headers, 'svix-signature': signedHeaders({ at, body, secret: otherSecret })['svix-signature'] },
  }),
  ({ headers, body }) => {
    const old = at + pick([-1, 1]) * (301_000 + below(1e9));
    return { headers: { ...headers, ...signedHeaders({ at: old, body }) } };
  },
];

/** Nothing that matters has changed: an edit put in what it took out, or something beside the right signature. */
function isGenuine(changed: Sent, genuine: Sent): boolean {
  const same = (name: string) => changed.headers[name]?.trim() === genuine.headers[name];
  const signatures = changed.headers['svix-signature']?.trim().split(' ') ?? [];
  return (
    ['svix-id', 'svix-timestamp', 'content-type'].every(same) &&
    signatures.includes(genuine.headers['svix-signature'] ?? '') &&
    Buffer.from(changed.body as string).equals(Buffer.from(genuine.body as string))
  );
}

const requestOf = ({ headers, body }: Sent): Request => {
  const sent = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  return new Request('https://app.example.com', { method: 'POST', headers: sent, body: body as BodyInit });
};

it(`takes none of ${runs} changed requests, and fails over none`, { timeout: 120_000 }, async () => {
  let effects = 0;
  const on = { '*': () => effects++ };
  const handle = createClerkWebhookHandler({ secrets: secret, on, logger: null, clock });
  const tally: Record<number, number> = {};
  for (let sent = 0; sent < runs; ) {
    const genuine = pick(genuineOnes);
    const changed = { ...genuine, ...pick(mutations)(genuine) };
    if (isGenuine(changed, genuine)) continue;
    const response = await handle(requestOf(changed));
    tally[response.status] = (tally[response.status] ?? 0) + 1;
    sent++;
    if (response.status !== 400 && response.status !== 415) {
      expect.fail(`${response.status} for ${JSON.stringify({ ...changed, body: String(changed.body) })}`);
    }
  }
  expect(effects).toBe(0);
  expect(tally[400]).toBeGreaterThan(runs / 2);
});
