import type { Clock } from '../../core/clock.ts';
import type { WebhookCode } from './answers.ts';
import type { ClerkWebhookHandlers, WebhookContext, WebhookEventHandler } from './events.ts';
import type { Seen } from './log.ts';
import { decodeBody, type ParsedEvent, parseEvent } from './parseEvent.ts';
import { readBody } from './readBody.ts';
import { runOnce } from './runOnce.ts';
import type { KeysOrProblem } from './secrets.ts';
import type { WebhookStore } from './store.ts';
import { isSigned, isTimely, readSignedHeaders, skewHint } from './verifySignature.ts';
import { versionOf } from './version.ts';

/** A request, of whatever server. */
export interface IncomingDelivery {
  readonly method: string;
  /** Null when it was not sent. The name is in lower case. */
  readonly header: (name: string) => string | null;
  /** Null: there is none. `consumed`: something else has read it. */
  readonly body: ReadableStream<Uint8Array> | 'consumed' | null;
}

/** What a handler was made with. */
export interface DeliverySettings {
  readonly readKeys: () => KeysOrProblem;
  readonly on: ClerkWebhookHandlers;
  readonly onOutdated: WebhookEventHandler<never> | undefined;
  readonly store: WebhookStore | undefined;
  readonly clock: Clock;
}

// Clerk's events are a few kB.
const maxBytes = 1_048_576;
/** Of the 15 s that Svix waits for an answer. */
const bodyTimeoutMs = 5_000;

/** Everything between a request and its code; what it learns on the way goes into `seen`. Throws what the store throws. */
export async function answerDelivery(
  { method, header, body }: IncomingDelivery,
  settings: DeliverySettings,
  seen: Seen,
): Promise<WebhookCode> {
  const { clock } = settings;
  if (method !== 'POST') return 'method_not_allowed';
  const keys = settings.readKeys();
  if (typeof keys === 'string') {
    seen.hint = keys;
    return 'not_configured';
  }
  if (body === 'consumed') {
    seen.hint =
      'Something has read the body before. Mount this handler before express.json() and the like, or use express.raw().';
    return 'body_consumed';
  }
  if (!/^application\/json\s*(;|$)/i.test(header('content-type') ?? '')) return 'unsupported_media_type';
  const signed = readSignedHeaders(header);
  if (!signed) return 'bad_headers';
  const { deliveryId } = signed;
  seen.deliveryId = deliveryId;

  // One that is too large by its own word is given up at its first chunk.
  const limits = {
    maxBytes: Number(header('content-length')) > maxBytes ? 0 : maxBytes,
    timeoutMs: bodyTimeoutMs,
    clock,
  };
  const bytes = body ? await readBody(body, limits) : new Uint8Array();
  if (typeof bytes === 'string') return bytes;
  const sentAt = signed.timestamp * 1000;
  let event: ParsedEvent | null;
  try {
    const text = decodeBody(bytes);
    if (!isSigned(keys, signed, text)) return 'bad_signature';
    // After the signature, so that a log that speaks of the clock is about Clerk's deliveries and nobody else's.
    const skewMs = sentAt - clock.now();
    if (!isTimely(skewMs)) {
      seen.skewMs = skewMs;
      seen.hint = skewHint(skewMs);
      return 'bad_timestamp';
    }
    event = parseEvent(text);
  } catch {
    event = null;
  }
  if (!event) return 'bad_body';
  seen.type = event.type;
  return handle(event, { deliveryId, sentAt, version: versionOf(event) }, settings, seen);
}

async function handle(
  event: ParsedEvent,
  context: WebhookContext,
  { on, onOutdated, store, clock }: DeliverySettings,
  seen: Seen,
): Promise<WebhookCode> {
  const handler = (Object.hasOwn(on, event.type) ? on[event.type as '*'] : undefined) ?? on['*'];
  if (!handler) return 'ignored';
  const run = async (outdated: boolean): Promise<boolean> => {
    try {
      // The payload is Clerk's word: what it signs is what its types say.
      await (outdated ? onOutdated : handler)?.(event as never, context);
      return true;
    } catch (error) {
      seen.error = error;
      return false;
    }
  };
  if (store) return runOnce(store, { ...context, run }, clock);
  return (await run(false)) ? 'handled' : 'handler_failed';
}
