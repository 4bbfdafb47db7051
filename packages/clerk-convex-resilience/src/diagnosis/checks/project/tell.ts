import { type Finding, type FindingArgs, type FindingCode, type FindingSeverity, finding } from '../../findings.ts';
import { redactSecret, redactText } from '../../redact.ts';

/** What is longer than any name, path or address is cut: it is not what it should be, and looking through it takes long. */
const longest = 300;

/** Anything may have been pasted anywhere, a secret key into the issuer too. */
function redact(text: string): string {
  if (text.length <= longest) return redactText(text);
  // The last word goes with the rest: half a token or half an address is not recognised, and tells all the same.
  return `${redactText(text.slice(0, longest).replace(/\S*$/, ''))}…`;
}

/** Makes a finding of what stands in files. What looks like a secret is taken out of whatever is said. */
export function tell<Code extends FindingCode>(
  code: Code,
  args: FindingArgs[Code],
  at?: string,
  severity?: FindingSeverity,
): Finding {
  const redacted = Object.entries(args).map(([name, value]) => [
    name,
    typeof value === 'string' ? redact(value) : value,
  ]);
  return finding(code, Object.fromEntries(redacted) as FindingArgs[Code], at === undefined ? at : redact(at), severity);
}

const address = /^(?:https?:\/\/)?[a-z\d-]+(?:\.[a-z\d-]+)*(?::\d+)?(?:\/[\w./-]*)?$/i;

/** A value that should be an address: as it is if it looks like one, else as a secret, since it may be one. */
export function showAddress(value: string): string {
  // Longer than a host's name can be, or without a dot and a scheme: more likely a key than a host.
  const isAddress = value.length <= 253 && address.test(value) && /[.:]/.test(value);
  return isAddress ? value : redactSecret(value);
}

/** The file of a place: `.env.local` of `.env.local:3`. */
export const fileOf = (place: string): string => place.replace(/:\d+$/, '');
