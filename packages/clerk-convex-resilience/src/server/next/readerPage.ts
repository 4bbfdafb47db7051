import type { AuthMessages } from '../../locales/messages.ts';
import { escapeHtml } from './escapeHtml.ts';
import type { GuardFault } from './faults.ts';
import { htmlPage } from './htmlPage.ts';

/** What a visitor gets in production: what that person can do, in plain words, and a reference. Nothing of what was found. */
export function readerPage(
  fault: GuardFault,
  messages: AuthMessages,
  { reference, retryAfterSeconds }: { readonly reference: string; readonly retryAfterSeconds: number },
): string {
  const passes = fault.reason === 'unreachable';
  const title = !passes
    ? messages.misconfigured
    : fault.failure.kind === 'rate_limited'
      ? messages.overloaded
      : messages.clerk_unreachable;
  const detail = passes ? countdown(messages, retryAfterSeconds) : messages.misconfigured_detail;
  return htmlPage({
    lang: messages.lang,
    dir: messages.dir,
    title,
    body: [
      `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail)}</p>`,
      // An empty address is this page's own.
      `<p><a href="">${escapeHtml(messages.retry)}</a></p>`,
      `<p>${escapeHtml(messages.reference)} <code dir="ltr">${escapeHtml(reference)}</code></p>`,
    ].join(''),
    refreshSeconds: passes ? retryAfterSeconds : undefined,
  });
}

/** When it is tried again, in the plurals and digits of the language. */
const countdown = ({ next_try, lang }: AuthMessages, seconds: number): string =>
  next_try
    .replace('{when}', () => new Intl.RelativeTimeFormat(lang).format(seconds, 'second'))
    .replace('{duration}', () =>
      new Intl.NumberFormat(lang, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(seconds),
    );
