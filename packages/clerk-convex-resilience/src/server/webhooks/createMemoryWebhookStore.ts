import { type Clock, systemClock } from '../../core/clock.ts';
import type { WebhookDeliveryRow, WebhookObjectRow, WebhookStore, WebhookStoreRows } from './store.ts';
import { webhookStoreRules } from './storeRules.ts';

/**
 * A store in the memory of one process, for tests and for a server of one process that may forget at a restart. It keeps
 * every delivery, and so grows.
 */
export function createMemoryWebhookStore({ clock = systemClock }: { readonly clock?: Clock } = {}): WebhookStore {
  const deliveries = new Map<string, WebhookDeliveryRow>();
  const objects = new Map<string, WebhookObjectRow>();
  let claims = 0;

  type Key = { readonly deliveryId: string; readonly version: { readonly object: string } | null };
  const read = ({ deliveryId, version }: Key): WebhookStoreRows => ({
    delivery: deliveries.get(deliveryId) ?? null,
    object: (version && objects.get(version.object)) ?? null,
  });
  const write = ({ deliveryId, version }: Key, { delivery, object }: WebhookStoreRows): void => {
    if (delivery) deliveries.set(deliveryId, delivery);
    else deliveries.delete(deliveryId);
    if (version && object) objects.set(version.object, object);
  };

  // Nothing is awaited between reading and writing, which is what makes each of them a transaction.
  return {
    async claim(request) {
      const { answer, rows } = webhookStoreRules.claim(read(request), request, {
        now: clock.now(),
        token: String(++claims),
      });
      write(request, rows);
      return answer;
    },
    async finish(ticket) {
      write(ticket, webhookStoreRules.finish(read(ticket), ticket));
    },
    async fail(ticket) {
      write(ticket, webhookStoreRules.fail(read(ticket), ticket));
    },
  };
}
