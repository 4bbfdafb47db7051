import type { AuthEvent, EventFailure, GuardedRequest } from '../../core/events.ts';
import type { TimelineKind } from './createTimeline.ts';
import { inSeconds } from './times.ts';

type Described = readonly [kinds: readonly TimelineKind[], text: string];

const requests: Record<GuardedRequest | 'script', string> = {
  tokens: 'the request for a token',
  client: 'GET /client',
  environment: 'the request for the environment',
  dev_browser: 'the request for a development browser',
  touch: 'the touch of the session',
  sign_out: 'the sign-out',
  other: 'a request',
  script: "Clerk's script",
};
const released = {
  hold_spent: 'its failure could be kept from Clerk no longer',
  sign_out: 'somebody signs out',
  aborted: 'it was given up',
};

/** What went wrong, in a few words: `server 500 internal_error, of clerk`. */
const failureText = ({ kind, status, code, source }: EventFailure): string =>
  `${[kind, status, code].filter((part) => part !== undefined).join(' ')}, of ${source}`;

/** An event as a plain sentence, and under what one would look for it. */
export function describeEvent(event: AuthEvent): Described {
  switch (event.type) {
    case 'request_failed':
      return [
        ['requests', 'waits'],
        `Attempt ${event.attempt} of ${requests[event.request]} failed (${failureText(event.failure)}). The next is due in ${inSeconds(event.retryInMs)}.`,
      ];
    case 'request_recovered':
      return [
        ['requests'],
        `${capital(requests[event.request])} works again after ${event.attempts} attempts and ${inSeconds(event.afterMs)}.`,
      ];
    case 'request_released':
      return [['requests'], `Clerk was given the failure of ${requests[event.request]}: ${released[event.reason]}.`];
    case 'request_refused':
      return [['requests'], `Clerk refuses ${requests[event.request]} (${failureText(event.failure)}).`];
    case 'request_hedged':
      return [
        ['requests'],
        `${capital(requests[event.request])} is slow: another one was sent beside it (${event.open} open).`,
      ];
    case 'guard_installed':
      return [['requests'], "The guard of Clerk's requests was put in place."];
    case 'guard_stepped_aside':
      return [['requests'], `The guard stepped aside (${words(event.reason)}).`];
    case 'convex_url_configured':
      return [['convex'], `The Convex deployment is ${event.host}.`];
    case 'publishable_key_configured':
      return [['session'], `The publishable key is of a ${event.instance} instance, ${event.host}.`];
    case 'misconfiguration_found':
      return [['session'], `The cause was found: ${event.codes.join(', ')}.`];
    case 'token_requested':
      return [
        ['requests'],
        `Clerk was asked for a ${event.forced ? 'fresh ' : ''}token${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}.`,
      ];
    case 'token_received':
      return [
        ['requests'],
        `A token arrived${event.expiresInMs === undefined ? '' : `, good for ${inSeconds(event.expiresInMs)}`}.`,
      ];
    case 'token_dropped':
      return [['requests'], `A token came too late and was dropped (${words(event.reason)}).`];
    case 'token_failed':
      return [
        ['requests', 'waits'],
        `No token at attempt ${event.attempt} (${failureText(event.failure)})${
          event.retryInMs === undefined ? '.' : `. Clerk is asked again in ${inSeconds(event.retryInMs)}.`
        }`,
      ];
    case 'token_refused':
      return [['convex'], `Convex refused a token${event.failure ? ` (${failureText(event.failure)})` : ''}.`];
    case 'token_withheld':
      return [['requests'], `A request to ${event.origin} went without the token: that origin may not see it.`];
    case 'clock_skew_detected':
      return [
        ['session'],
        `This device's clock is ${inSeconds(Math.abs(event.offsetMs))} ${event.offsetMs > 0 ? 'ahead of' : 'behind'} Clerk's.`,
      ];
    case 'identity_confirmed':
      return [['convex'], 'Convex confirmed the identity.'];
    case 'identity_lost':
      return [
        ['convex'],
        event.kept
          ? 'Convex gave the identity up. It was kept from the app, and is asked for again.'
          : 'Convex gave the identity up.',
      ];
    case 'convex_rearmed':
      return [['convex'], 'Convex had said nothing for a while, and was armed anew.'];
    case 'user_sync_started':
      return [['convex'], `The app's own record of the user is being written, attempt ${event.attempt}.`];
    case 'user_sync_failed':
      return [
        ['convex', 'waits'],
        `The record of the user was not written (${failureText(event.failure)}). It is tried again in ${inSeconds(event.retryInMs)}.`,
      ];
    case 'user_synced':
      return [['convex'], "The app's own record of the user was written."];
    case 'session_restored':
      return [['session'], 'The session that the page load could not read was restored.'];
    case 'sign_out_started':
      return [['session'], 'Somebody signed out.'];
    case 'sign_out_retried':
      return [
        ['session', 'waits'],
        `Clerk has not confirmed the sign-out at attempt ${event.attempt}. It is told again in ${inSeconds(event.retryInMs)}.`,
      ];
    case 'sign_out_confirmed':
      return [['session'], 'Clerk confirmed the sign-out.'];
    case 'health_changed':
      return [['session'], `The health went from ${words(event.from)} to ${words(event.to)}.`];
    default:
      event satisfies never;
      return [['session'], 'Something happened that this panel does not know.'];
  }
}

const words = (literal: string): string => literal.replaceAll('_', ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
