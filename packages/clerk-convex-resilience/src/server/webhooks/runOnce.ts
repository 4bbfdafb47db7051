import type { Clock } from '../../core/clock.ts';
import type { WebhookClaim, WebhookStore } from './store.ts';
import type { WebhookVersion } from './version.ts';
import { within } from './within.ts';

/** Longer than a handler should take: Svix hangs up after 15 s. After it, the claim of a server that died is free. */
const leaseMs = 120_000;
/** How long a delivery waits for another one of the same event or object. With the body's 5 s it leaves a handler 5 of Svix's 15. */
const patienceMs = 5_000;
const storeTimeoutMs = 5_000;

interface Turn {
  readonly deliveryId: string;
  readonly version: WebhookVersion | null;
  /** The app's handler; false when it has thrown. Gets whether the store knows a newer version. */
  readonly run: (outdated: boolean) => Promise<boolean>;
}

/**
 * Runs a handler under a claim of the store: once for all deliveries of an event, one event of an object at a time.
 * Throws what the store throws.
 */
export async function runOnce(
  store: WebhookStore,
  { deliveryId, version, run }: Turn,
  clock: Clock,
): Promise<'handled' | 'duplicate' | 'outdated' | 'in_progress' | 'handler_failed'> {
  const turn = { deliveryId, version };
  const claim = await claimPatiently(store, turn, clock);
  if (claim.status === 'handled') return 'duplicate';
  if (claim.status === 'busy') return 'in_progress';
  const { token, outdated } = claim;
  const ticket = { ...turn, token, outdated };
  if (!(await run(outdated))) {
    // When the store is down besides, the lease gives the claim back.
    await inTime(clock, store.fail(ticket)).catch(() => {});
    return 'handler_failed';
  }
  await inTime(clock, store.finish(ticket));
  return outdated ? 'outdated' : 'handled';
}

/** Asks until it is this delivery's turn, or patience ends. */
async function claimPatiently(
  store: WebhookStore,
  turn: Pick<Turn, 'deliveryId' | 'version'>,
  clock: Clock,
): Promise<WebhookClaim> {
  const giveUpAt = clock.now() + patienceMs;
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    const claim = await inTime(clock, store.claim({ ...turn, leaseMs }));
    if (claim.status !== 'busy' || clock.now() >= giveUpAt) return claim;
    await clock.sleep(waitMs * (0.5 + clock.random()));
  }
}

/** A store that does not answer is down. */
async function inTime<T>(clock: Clock, answer: Promise<T>): Promise<T> {
  const value = await within(clock, storeTimeoutMs, answer);
  if (value === 'late') throw new Error('The store has not answered in time.');
  return value;
}
