import type { AuthEvent, EventFailure } from './events.ts';

/** Where lines go: `console`, or a logger of the app's own with the same four methods. */
export interface AuthLogger {
  debug(message: string, event?: AuthEvent): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What a developer looks for in the console, as one line. */
interface Milestone {
  /** A line of a topic is written again only when another one came in between. */
  readonly topic: 'convex' | 'clerk' | 'token' | 'identity' | 'user' | 'guard';
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
}

/** The line for an event; null for one that is no milestone. */
function milestoneOf(event: AuthEvent): Milestone | null {
  switch (event.type) {
    case 'convex_url_configured':
      return { topic: 'convex', level: 'info', text: `Convex URL configured: ${event.host}` };
    case 'publishable_key_configured':
      return {
        topic: 'clerk',
        level: 'info',
        text: `publishable key configured: ${event.instance} instance ${event.host}`,
      };
    case 'token_received':
      return { topic: 'token', level: 'info', text: 'token obtained' };
    case 'token_failed':
      return notObtained(event.failure);
    case 'request_failed':
      return event.request === 'tokens' ? notObtained(event.failure) : null;
    case 'token_refused':
      return { topic: 'token', level: 'warn', text: `token refused: ${describe(event.failure)}` };
    case 'identity_confirmed':
      return { topic: 'identity', level: 'info', text: 'identity confirmed' };
    case 'identity_lost':
      return event.kept ? { topic: 'identity', level: 'warn', text: 'identity lost: asking for it again' } : null;
    case 'user_synced':
      return { topic: 'user', level: 'info', text: event.userId ? `user synced: ${event.userId}` : 'user synced' };
    case 'user_sync_started':
      return { topic: 'user', level: 'info', text: 'syncing the user' };
    case 'user_sync_failed':
      return { topic: 'user', level: 'warn', text: `user not synced: ${describe(event.failure)}` };
    case 'sign_out_started':
      return { topic: 'identity', level: 'info', text: 'signed out' };
    case 'guard_stepped_aside':
      return { topic: 'guard', level: 'warn', text: `fetch guard stepped aside: ${event.reason.replaceAll('_', ' ')}` };
    default:
      return null;
  }
}

const notObtained = (failure: EventFailure): Milestone => {
  // A person has to do something about these.
  const level = failure.kind === 'misconfigured' || failure.kind === 'account_blocked' ? 'error' : 'warn';
  return { topic: 'token', level, text: `token not obtained: ${describe(failure)}` };
};

const describe = (failure: EventFailure | undefined): string =>
  [failure?.kind ?? 'unknown', failure?.status, failure?.code].filter((part) => part !== undefined).join(' ');

/**
 * A listener that writes the milestones to `logger`, or to the console when `debug` is on; with `debug` every event besides.
 * Both are asked at each event, so that they can be turned on in a running app.
 */
export function createEventLog(
  read: () => { readonly logger?: AuthLogger | undefined; readonly debug?: boolean | undefined },
): (event: AuthEvent) => void {
  const last = new Map<Milestone['topic'], string>();
  return (event) => {
    const milestone = milestoneOf(event);
    const isNew = milestone && last.get(milestone.topic) !== milestone.text;
    // The next user's token, identity and sync are news, even when they read like the last one's.
    if (event.type === 'sign_out_started') for (const topic of ['token', 'user'] as const) last.delete(topic);
    if (milestone) last.set(milestone.topic, milestone.text);
    const { logger, debug } = read();
    const target = logger ?? (debug ? console : null);
    if (isNew) target?.[milestone.level](`${prefix} ${milestone.text}`);
    if (debug) target?.debug(`${prefix} ${event.type}`, event);
  };
}

const prefix = '[clerk-convex-resilience]';
