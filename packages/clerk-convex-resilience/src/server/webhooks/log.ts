import { type WebhookCode, webhookStatuses } from './answers.ts';

/**
 * One delivery, for logs. Holds nothing of the payload but the event's type: no id of a user (it is personal data), no
 * e-mail address, no header as it came. `deliveryId` finds the rest in Clerk's dashboard (Webhooks, message logs).
 */
export interface WebhookLogLine {
  readonly code: WebhookCode;
  readonly status: number;
  /** From the first byte of the request to the answer, in milliseconds. */
  readonly ms: number;
  /** `svix-id`, when it looks like one. Of a forged request it is what the forger wrote. */
  readonly deliveryId?: string | undefined;
  /** Of a delivery whose signature fits. */
  readonly type?: string | undefined;
  /** How far the delivery's time is from this server's: negative when the delivery is older. Only with `bad_timestamp`. */
  readonly skewMs?: number | undefined;
  /** The name of what a handler or the store has thrown. Its message may hold anything: `onError` gets it. */
  readonly errorName?: string | undefined;
  /** What to do. */
  readonly hint?: string | undefined;
}

/** Where lines go: `console`, or a logger of the app's own. */
export interface WebhookLogger {
  info(message: string, line: WebhookLogLine): void;
  warn(message: string, line: WebhookLogLine): void;
  error(message: string, line: WebhookLogLine): void;
}

/** What has come to light of a delivery, besides its code. */
export interface Seen {
  deliveryId?: string;
  type?: string;
  skewMs?: number;
  error?: unknown;
  hint?: string;
}

/** Writes the line of a delivery: 2xx as info, 5xx as error, the rest as warn. */
export function logDelivery(logger: WebhookLogger, code: WebhookCode, seen: Seen, ms: number): void {
  const { deliveryId, type, skewMs, error, hint } = seen;
  const status = webhookStatuses[code];
  const line = { code, status, ms, ...named({ deliveryId, type, errorName: (error as Error | undefined)?.name }) };
  logger[status < 300 ? 'info' : status < 500 ? 'warn' : 'error'](
    ['[clerk-convex-resilience] webhook', line.type, code, hint].filter(Boolean).join(' '),
    { ...line, ...(hint && { hint }), ...(skewMs && { skewMs }) },
  );
}

/** Those that look like names. Whatever else somebody has put there stays out of the log. */
const named = <Names extends object>(names: Names): Partial<Names> =>
  Object.fromEntries(Object.entries(names).filter(([, name]) => /^[\w.-]{1,99}$/.test(name ?? ''))) as Partial<Names>;
