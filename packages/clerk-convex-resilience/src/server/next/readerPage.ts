import type { AuthMessages } from '../../locales/messages.ts';
import { escapeHtml } from './escapeHtml.ts';
import type { GuardFault } from './faults.ts';
import { htmlPage } from './htmlPage.ts';

/** What a visitor gets in production: what that person can do, in plain words, and a reference. Nothing of what was found. */
export function readerPage(
  fault: GuardFault,
  messages: AuthMessages,
  settings: {
    readonly reference: string;
    readonly retryAfterSeconds: number;
    /** Where to try again; empty is this page's own address. */
    readonly retryAt: string;
    /** Was it only asked for? What was posted is lost where the browser asks again by itself. */
    readonly isRead: boolean;
  },
): string {
  const { reference, retryAfterSeconds, retryAt } = settings;
  // A circle that nothing explains may be an impatient person on a slow network.
  const passes = fault.reason === 'unreachable' || (fault.reason === 'redirect_loop' && fault.failure.retryable);
  const title = messages[titleOf(fault, passes)];
  const asksAgain = passes && settings.isRead;
  const detail = asksAgain ? countdown(messages, retryAfterSeconds) : passes ? '' : messages.misconfigured_detail;
  return htmlPage({
    lang: messages.lang,
    dir: messages.dir,
    title,
    body: [
      `<h1>${escapeHtml(title)}</h1>${detail && `<p>${escapeHtml(detail)}</p>`}`,
      `<p><a href="${escapeHtml(retryAt)}">${escapeHtml(messages.retry)}</a></p>`,
      `<p>${escapeHtml(messages.reference)} <code dir="ltr">${escapeHtml(reference)}</code></p>`,
    ].join(''),
    refresh: asksAgain ? { afterSeconds: retryAfterSeconds, at: retryAt } : undefined,
  });
}

/** What a handler throws, as while a database is down, is not known to have to do with signing in. */
function titleOf({ reason, failure }: GuardFault, passes: boolean) {
  if (reason === 'handler_failed') return 'convex_unreachable';
  if (!passes) return 'misconfigured';
  return failure.kind === 'rate_limited' ? 'overloaded' : 'clerk_unreachable';
}

/** When it is tried again, in the plurals and digits of the language. */
const countdown = ({ next_try, lang }: AuthMessages, seconds: number): string =>
  next_try
    .replace('{when}', () => new Intl.RelativeTimeFormat(lang).format(seconds, 'second'))
    .replace('{duration}', () =>
      new Intl.NumberFormat(lang, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(seconds),
    );
