import type { Webhook } from 'standardwebhooks';

/** The three headers of a signed delivery. */
export interface SignedHeaders {
  readonly deliveryId: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly signatures: readonly string[];
}

/**
 * Reads `svix-id`, `svix-timestamp` and `svix-signature`, which Clerk sends; where one is absent its `webhook-` spelling, of
 * the Standard Webhooks specification, as svix 2.5 does. Null when one is missing or malformed.
 *
 * A timestamp is digits alone. svix and standardwebhooks read it with parseInt and sign the number that they have read,
 * so they take `1700000000x` for 1700000000; nobody sends that.
 */
export function readSignedHeaders(header: (name: string) => string | null): SignedHeaders | null {
  const read = (name: string): string => (header(`svix-${name}`) ?? header(`webhook-${name}`) ?? '').trim();
  const [deliveryId, timestamp, signature] = [read('id'), read('timestamp'), read('signature')];
  if (deliveryId === '' || signature === '' || !/^[1-9]\d{0,11}$/.test(timestamp)) return null;
  return { deliveryId, timestamp: Number(timestamp), signatures: signature.split(' ') };
}

/** True when one of the signatures was made with one of the keys over this text. Says nothing of the time. */
export function isSigned(keys: readonly Webhook[], headers: SignedHeaders, text: string): boolean {
  const at = new Date(headers.timestamp * 1000);
  // Not Webhook.verify: it reads the clock itself, and cannot tell a wrong signature from a wrong time.
  return keys.some((key) => {
    const expected = key.sign(headers.deliveryId, at, text);
    return headers.signatures.some((signature) => isSameText(signature, expected));
  });
}

/** Takes as long for a text that differs in the first letter as for one that differs in the last. */
function isSameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** Five minutes in either direction, in whole seconds, as standardwebhooks 1.1 and svix 2.5 count them. */
export const isTimely = (skewMs: number): boolean => Math.abs(Math.ceil(skewMs / 1000)) <= 300;

/** What to do about a delivery that is signed and not timely. */
export function skewHint(skewMs: number): string {
  const seconds = Math.round(skewMs / 1000);
  return `Signed ${Math.abs(seconds)} s ${seconds < 0 ? 'before' : 'after'} this server's time. It is a replay, or the clock is off by so much.`;
}
