import { redactText } from '../redact.ts';

const longestShown = 200;

/** A value of somebody else's as a finding may show it: without tokens, secrets and e-mail addresses, and of bounded length. */
export function show(value: unknown): string {
  const text = redactStart(typeof value === 'string' ? value : asJson(value), 2000);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** The start of a text, redacted: further nobody looks, so that a hostile one costs no more than an honest one. */
export function redactStart(text: string, longest: number): string {
  if (text.length <= longest) return redactText(text);
  // A token that was cut in two is not known for one: the last word goes as a whole.
  const start = text.slice(0, longest);
  return `${redactText(start.slice(0, start.search(/(?<!\S)\S*$/)))}…`;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? none;
  } catch {
    return none;
  }
}

/** What stands for a value that is not there; Convex says the same of a provider without `applicationID`. */
export const none = 'none';

/** What stands for a value that nobody has seen. */
export const unseen = '…';

/** Several values in one line; each once. */
export const showAll = (values: readonly unknown[]): string =>
  values.length > 0 ? show([...new Set(values.map(show))].join(', ')) : none;
