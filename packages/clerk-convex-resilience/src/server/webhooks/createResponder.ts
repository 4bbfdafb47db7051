import type { WebhookEvent } from '@clerk/backend/webhooks';
import { type Clock, systemClock } from '../../core/clock.ts';
import { AuthResilienceError } from '../../core/errors.ts';
import { answerDelivery, type DeliverySettings, type IncomingDelivery } from './answerDelivery.ts';
import { answerFor, type WebhookAnswer, type WebhookCode } from './answers.ts';
import type { ClerkWebhookHandlers, WebhookEventHandler } from './events.ts';
import { logDelivery, type Seen, type WebhookLogger } from './log.ts';
import { createKeyReader, type WebhookSecrets } from './secrets.ts';
import type { WebhookStore } from './store.ts';

/** What went wrong on this server, with the error itself: whatever it holds, personal data too. */
export interface WebhookErrorReport {
  /** The app's handler has thrown, or the store has. */
  readonly reason: 'handler_failed' | 'store_unavailable';
  readonly error: unknown;
  readonly deliveryId: string;
  /** The event's type. */
  readonly type: string;
}

/** Options of `createClerkWebhookHandler` and `createNodeWebhookHandler`. */
export interface ClerkWebhookOptions {
  /** What to do, by type of event. A type without a handler is answered 200 and not looked at. */
  readonly on: ClerkWebhookHandlers;
  /**
   * The endpoint's signing secret (`whsec_…`), or several: a delivery that one of them fits is accepted. Left out, they are
   * read at each request from `CLERK_WEBHOOK_SIGNING_SECRET`, else `CLERK_WEBHOOK_SECRET`, separated by commas or spaces.
   */
  readonly secrets?: WebhookSecrets | undefined;
  /**
   * Remembers what was handled. Without one there is no idempotency and no order: every delivery runs its handler, also the
   * second of an event and one that comes late; compare `context.version` with `isOutdated` yourself.
   */
  readonly store?: WebhookStore | undefined;
  /**
   * Called in place of the handler when the store knows a newer version of the object: for what must happen for every event,
   * in whatever order they come (a welcome e-mail). Not consulted without a store. Left out, nothing is called.
   */
  readonly onOutdated?: WebhookEventHandler<WebhookEvent> | undefined;
  /** Gets what the app's handler or the store has thrown, which the log does not hold. What it throws itself is dropped. */
  readonly onError?: ((report: WebhookErrorReport) => void) | undefined;
  /**
   * One line for each delivery, without personal data. `null` for none.
   * @defaultValue console
   */
  readonly logger?: WebhookLogger | null | undefined;
  /**
   * The time, for tests.
   * @defaultValue the system's
   */
  readonly clock?: Clock | undefined;
}

/** The handler before it knows what a request looks like. Never throws. */
export function createResponder(options: ClerkWebhookOptions): (delivery: IncomingDelivery) => Promise<WebhookAnswer> {
  const { on, store, onOutdated, onError, logger = console, clock = systemClock } = options;
  if (!on || Object.values(on).some((handler) => handler && typeof handler !== 'function')) {
    throw new AuthResilienceError(
      'invalid_option',
      "`on` must hold functions by type of event: { 'user.created': … }.",
    );
  }
  const settings: DeliverySettings = { readKeys: createKeyReader(options.secrets), on, onOutdated, store, clock };
  return async (delivery) => {
    const startedAt = clock.now();
    const seen: Seen = {};
    const code = await answerDelivery(delivery, settings, seen).catch((error: unknown): WebhookCode => {
      seen.error = error;
      return 'store_unavailable';
    });
    try {
      const { error, deliveryId = '', type = '' } = seen;
      if (code === 'handler_failed' || code === 'store_unavailable')
        onError?.({ reason: code, error, deliveryId, type });
    } catch {}
    try {
      if (logger) logDelivery(logger, code, seen, clock.now() - startedAt);
    } catch {}
    return answerFor(code);
  };
}
