import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { EmulatorError } from '../errors.ts';
import { newId } from './newId.ts';
import { readUrl } from './readClerkOptions.ts';
import type { ClerkWebhookEvent, ClerkWebhooks, WebhookDelivery, WebhookSendOptions } from './types.ts';

export interface WebhookSender extends ClerkWebhooks {
  /** Something happened: sends it, or keeps it back. */
  emit(event: ClerkWebhookEvent): void;
  reset(): void;
  /** Ends what is under way. */
  close(): void;
}

interface WebhookSenderOptions {
  readonly url: string | undefined;
  readonly secret: string;
  readonly retryDelaysMs: readonly number[];
  readonly now: () => number;
}

type Delivery = { -readonly [Key in keyof WebhookDelivery]: WebhookDelivery[Key] } & {
  readonly body: string;
  attempts: Array<{ at: number; status?: number }>;
};

// Svix gives an endpoint 15 s (docs.svix.com/retries).
const answerTimeoutMs = 15_000;

/** Signs deliveries as Svix does for Clerk, sends them, and tries again what was not answered 2xx. */
export function createWebhookSender({
  url: initialUrl,
  secret,
  retryDelaysMs,
  now,
}: WebhookSenderOptions): WebhookSender {
  const signer = new Webhook(secret);
  const instanceId = newId('ins_');
  let url = initialUrl;
  let holding = false;
  let deliveries: Delivery[] = [];
  let stop = new AbortController();
  const underWay = new Set<Promise<unknown>>();

  function create(event: ClerkWebhookEvent, id = newId('msg_')): Delivery {
    const body = JSON.stringify({
      ...event,
      object: 'event',
      timestamp: now(),
      instance_id: instanceId,
      event_attributes: { http_request: { client_ip: '127.0.0.1', user_agent: 'clerk-convex-emulators' } },
    });
    const delivery: Delivery = { id, event, body, status: 'held', attempts: [] };
    deliveries.push(delivery);
    return delivery;
  }

  function deliver(delivery: Delivery, options: WebhookSendOptions = {}): Promise<WebhookDelivery> {
    const sending = attemptAll(delivery, options).finally(() => underWay.delete(sending));
    underWay.add(sending);
    return sending;
  }

  async function attemptAll(delivery: Delivery, options: WebhookSendOptions): Promise<WebhookDelivery> {
    const { signal } = stop;
    const to = url;
    if (to === undefined) {
      delivery.status = 'no_endpoint';
      return delivery;
    }
    delivery.status = 'sending';
    for (const delayMs of [0, ...retryDelaysMs]) {
      if (delayMs > 0) await sleep(delayMs, signal);
      if (signal.aborted) break;
      const status = await post(to, delivery, options, signal);
      delivery.attempts.push(status === undefined ? { at: now() } : { at: now(), status });
      if (status !== undefined && status >= 200 && status < 300) {
        delivery.status = 'delivered';
        return delivery;
      }
    }
    delivery.status = 'failed';
    return delivery;
  }

  async function post(
    to: string,
    { id, body }: Delivery,
    { ageSeconds = 0, signature = 'valid' }: WebhookSendOptions,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const at = new Date(now() - ageSeconds * 1000);
    const by = signature === 'valid' ? signer : new Webhook(`whsec_${randomBytes(24).toString('base64')}`);
    try {
      const response = await fetch(to, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'svix-id': id,
          'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
          'svix-signature': by.sign(id, at, body),
        },
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return undefined;
    }
  }

  return {
    secret,
    get deliveries() {
      return deliveries;
    },
    connect(to) {
      url = readUrl('webhooks.url', to);
    },
    hold() {
      holding = true;
    },
    async release({ order = 'sent' } = {}) {
      if (order !== 'sent' && order !== 'reversed') {
        throw new EmulatorError('invalid_option', `\`order\` is "${String(order)}"; use 'sent' or 'reversed'.`);
      }
      holding = false;
      const held = deliveries.filter(({ status }) => status === 'held');
      // One after the other, so that they arrive in this order.
      for (const delivery of order === 'reversed' ? held.reverse() : held) await deliver(delivery);
    },
    async redeliver(id) {
      const delivery = deliveries.find((candidate) => candidate.id === id);
      if (delivery) return deliver(delivery);
      throw new EmulatorError(
        'unknown_delivery',
        `There is no delivery "${id}"; use the id of one of \`webhooks.deliveries\`.`,
      );
    },
    send: (event, options = {}) => deliver(create(event, options.id), options),
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    emit(event) {
      const delivery = create(event);
      if (!holding) void deliver(delivery);
    },
    reset() {
      stop.abort();
      stop = new AbortController();
      deliveries = [];
      holding = false;
      url = initialUrl;
    },
    close: () => stop.abort(),
  };
}

function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done);
  });
}
