import { Webhook } from 'standardwebhooks';
import type { ClerkWebhookOptions } from './createResponder.ts';
import type { WebhookLogLine } from './log.ts';

// What tests of webhooks send: deliveries as Svix makes them for Clerk.

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const otherSecret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** A delivery before it is sent. */
export interface TestDelivery {
  id?: string;
  /** When it is sent: milliseconds since the epoch. */
  at: number;
  secret?: string;
  body?: string;
}

/** The headers that Svix sends. */
export function signedHeaders({ id = 'msg_1', at, secret: by = secret, body = userCreated() }: TestDelivery) {
  return {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at / 1000)),
    'svix-signature': new Webhook(by).sign(id, new Date(at), body),
  };
}

type Headers = Record<string, string | undefined>;

/** A signed request. A header that is undefined is left out. */
export function deliveryRequest(delivery: TestDelivery, changed: { headers?: Headers; body?: BodyInit | null } = {}) {
  const headers: Headers = { ...signedHeaders(delivery), ...changed.headers };
  const sent = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  return new Request('https://app.example.com/webhooks', {
    method: 'POST',
    headers: sent,
    body: changed.body === undefined ? (delivery.body ?? userCreated()) : changed.body,
    ...(typeof changed.body === 'object' && { duplex: 'half' }),
  } as RequestInit);
}

/** The body of an event, spaced as no `JSON.stringify` would: only the raw bytes have its signature. */
export function eventBody(type: string, data: object, timestamp = 1_700_000_000_000): string {
  return `{ "data": ${JSON.stringify(data)}, "event_attributes": {},  "instance_id": "ins_1", "object": "event", "timestamp": ${timestamp}, "type": "${type}" }`;
}

export const userCreated = (): string =>
  eventBody('user.created', {
    id: 'user_1',
    object: 'user',
    first_name: 'Zoë',
    email_addresses: [{ email_address: 'zoe@example.com' }],
    updated_at: 1_700_000_000_000,
  });

/** A logger that keeps what it is told. */
export function createTestLogger() {
  const lines: (WebhookLogLine & { level: string; message: string })[] = [];
  const at = (level: string) => (message: string, line: WebhookLogLine) => lines.push({ level, message, ...line });
  const logger = { info: at('info'), warn: at('warn'), error: at('error') } satisfies ClerkWebhookOptions['logger'];
  return { logger, lines };
}

/** Status and code of an answer. */
export const told = async (response: Response): Promise<[number, string]> => {
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
};
