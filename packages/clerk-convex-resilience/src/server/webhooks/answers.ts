/**
 * What a delivery came to, and the HTTP status for it. Svix delivers again whatever is not 2xx: after 5 s, 5 min, 30 min,
 * 2 h, 5 h, 10 h and 10 h (docs.svix.com/retries).
 */
export const webhookStatuses = {
  /** The app's handler has run. */
  handled: 200,
  /** This event was handled by an earlier delivery. */
  duplicate: 200,
  /** The store knows a newer version of the object: no handler has run but `onOutdated`. */
  outdated: 200,
  /** The app has no handler for this type of event. */
  ignored: 200,
  /** `svix-id`, `svix-timestamp` or `svix-signature` is missing or malformed. */
  bad_headers: 400,
  /** No secret fits. */
  bad_signature: 400,
  /** Signed by Clerk, but more than five minutes before or after this server's time: a replay, or a clock that is off. */
  bad_timestamp: 400,
  /** Not UTF-8, not JSON, or not an event. */
  bad_body: 400,
  /** The connection ended before the body did. */
  incomplete_body: 400,
  /** Not a POST. */
  method_not_allowed: 405,
  /** The body was not here within five seconds. */
  slow_body: 408,
  /** Another delivery of this event, or another event of the object, is still being handled. */
  in_progress: 409,
  /** More than 1 MiB. */
  body_too_large: 413,
  /** Not `application/json`. */
  unsupported_media_type: 415,
  /** There is no signing secret, or it is malformed. */
  not_configured: 500,
  /** Something on this server has read the body before, so that its bytes are gone. */
  body_consumed: 500,
  /** The app's handler has thrown. */
  handler_failed: 500,
  /** The store has thrown, or has not answered within five seconds. */
  store_unavailable: 503,
} as const;

/** Stable, for programs: the body of every answer is `{ "code": … }`. */
export type WebhookCode = keyof typeof webhookStatuses;

/** An answer before it is a `Response` or written to Node's. */
export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer for a code. It says nothing else: what is wrong in detail is for the log. */
export function answerFor(code: WebhookCode): WebhookAnswer {
  return {
    status: webhookStatuses[code],
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(code === 'method_not_allowed' && { allow: 'POST' }),
      ...((code === 'store_unavailable' || code === 'in_progress') && { 'retry-after': '5' }),
    },
    body: JSON.stringify({ code }),
  };
}
