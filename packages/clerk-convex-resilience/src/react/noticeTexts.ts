import type { Notice } from '../core/noticeOf.ts';
import type { AuthMessages } from '../locales/messages.ts';

/** What is said of a notice: a title, and a sentence below it or nothing. */
export function noticeTexts(
  { kind, signedIn }: Notice,
  messages: AuthMessages,
): readonly [title: string, detail: string] {
  // A title has no full stop.
  if (kind === 'sign_in_needed') return [messages.session_ended_detail.replace(/[.।。]$/, ''), ''];
  // Whose mistake it was is nothing to the person who uses the app.
  const name = kind === 'unconfigured' ? 'misconfigured' : kind;
  const own: string | undefined = messages[`${name}_detail` as keyof AuthMessages];
  return [messages[name], own ?? (signedIn && kind !== 'back_online' ? messages.still_signed_in : '')];
}

/** When it is tried again, in the plurals and digits of the language. */
export function countdown({ next_try, lang }: AuthMessages, seconds: number): string {
  const [count, unit] = seconds < 60 ? ([seconds, 'second'] as const) : ([Math.round(seconds / 60), 'minute'] as const);
  return next_try
    .replace('{when}', () => new Intl.RelativeTimeFormat(lang).format(count, unit))
    .replace('{duration}', () =>
      new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
    );
}

/**
 * Short enough to read out: what, when (ISO 8601 to the minute, UTC), and which build of the app. What: the code of the first
 * finding, where there is one, which `clerk-convex-doctor report` explains. Nothing of what was seen or expected.
 */
export function referenceOf({ kind, failure, problems, findings, since }: Notice, build: string | undefined): string {
  const code =
    findings?.[0]?.code ??
    problems?.[0]?.code ??
    (failure?.code && /^\w{1,40}$/.test(failure.code) ? failure.code : failure?.kind);
  const when = new Date(since).toISOString().slice(0, 16).replaceAll(/[-:]/g, ''); // a line may break at a hyphen
  return [code ?? kind, `${when}Z`, build].filter(Boolean).join(' ').toUpperCase();
}
