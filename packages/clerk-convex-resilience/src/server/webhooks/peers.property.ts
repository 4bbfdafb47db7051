import { verifyWebhook } from '@clerk/backend/webhooks';
import { Webhook as SvixWebhook } from 'svix';
import { createClerkWebhookHandler } from './createClerkWebhookHandler.ts';
import { deliveryRequest, eventBody, otherSecret, secret, signedHeaders, userCreated } from './testDelivery.ts';
import type { Random } from './testLives.ts';

// The same deliveries to this handler, to @clerk/backend's verifyWebhook and to svix. They read the system's clock: hold it.

export type Sent = { headers: Record<string, string | undefined>; body: string | Uint8Array };

const ours = createClerkWebhookHandler({ secrets: secret, on: { '*': () => {} }, logger: null });
const svix = new SvixWebhook(secret);
const yes = () => true;
const no = () => false;

/** Does each of them accept it? */
export async function verdictsOn(sent: Sent) {
  const requestOf = () => deliveryRequest({ at: 0 }, { headers: sent.headers, body: sent.body as BodyInit });
  const headers = Object.fromEntries(requestOf().headers);
  return {
    ours: (await ours(requestOf())).ok,
    clerk: await verifyWebhook(requestOf(), { signingSecret: secret }).then(yes, no),
    svix: await Promise.resolve()
      .then(() => svix.verify(Buffer.from(sent.body as string), headers))
      .then(yes, no),
  };
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';

/** Deliveries of every kind of signature: right, rotated, of another secret, old, early, and changed in each of its parts. */
function someDelivery(random: Random, at: number): Sent {
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const replaced = (text: string, letters: string): string => {
    const i = below(text.length);
    return text.slice(0, i) + pick([...letters]) + text.slice(i + 1);
  };
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

/** Counts the verdicts on so many deliveries, valid and changed. Throws with one on which they differ. */
export async function compareVerdicts(deliveries: number, random: Random, at: number) {
  const tally = { accepted: 0, refused: 0 };
  for (let i = 0; i < deliveries; i++) {
    const sent = someDelivery(random, at);
    const verdicts = await verdictsOn(sent);
    if (new Set(Object.values(verdicts)).size > 1) throw new Error(JSON.stringify({ verdicts, sent }));
    tally[verdicts.ours ? 'accepted' : 'refused']++;
  }
  return tally;
}
