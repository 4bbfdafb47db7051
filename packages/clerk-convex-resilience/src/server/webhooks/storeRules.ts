import type { WebhookClaim, WebhookClaimRequest, WebhookObjectRow, WebhookStoreRows, WebhookTicket } from './store.ts';
import { isOutdated } from './version.ts';

const noClaim: WebhookObjectRow = { applied: null, claim: null };

/**
 * What a `WebhookStore` decides, as pure functions from the rows that it read to the rows that it writes.
 * `now`: milliseconds since the epoch. `token`: any text that no other claim has.
 */
export const webhookStoreRules = {
  claim(
    { delivery, object }: WebhookStoreRows,
    { version, leaseMs }: WebhookClaimRequest,
    { now, token }: { readonly now: number; readonly token: string },
  ): { readonly answer: WebhookClaim; readonly rows: WebhookStoreRows } {
    const unchanged = { delivery, object };
    if (delivery?.status === 'handled') return { answer: { status: 'handled' }, rows: unchanged };
    // One event of an object at a time: the handler of an older one could otherwise write last.
    const claims = [delivery, object?.claim];
    if (claims.some((claim) => claim && claim.until > now)) return { answer: { status: 'busy' }, rows: unchanged };
    const outdated = version !== null && isOutdated(object?.applied, version);
    const claim = { token, until: now + leaseMs };
    return {
      answer: { status: 'claimed', token, outdated },
      rows: {
        delivery: { status: 'claimed', ...claim },
        object: version && !outdated ? { ...(object ?? noClaim), claim } : object,
      },
    };
  },

  finish({ object }: WebhookStoreRows, { version, token, outdated }: WebhookTicket): WebhookStoreRows {
    // Handled it is, even by one whose lease had ended: better once too seldom than once more.
    if (!version || outdated) return { delivery: { status: 'handled' }, object };
    const { applied, claim } = object ?? noClaim;
    return {
      delivery: { status: 'handled' },
      object: {
        applied: isOutdated(applied, version) ? applied : version,
        claim: claim?.token === token ? null : claim,
      },
    };
  },

  fail({ delivery, object }: WebhookStoreRows, { token }: WebhookTicket): WebhookStoreRows {
    return {
      delivery: delivery?.status === 'claimed' && delivery.token === token ? null : delivery,
      object: object?.claim?.token === token ? { ...object, claim: null } : object,
    };
  },
};
