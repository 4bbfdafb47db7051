/** A secret as it may be shown: its prefix and its length. `sk_test_… (50 characters)`. */
export function redactSecret(value: string): string {
  const prefix = /^(?:[sp]k_(?:test|live)_|whsec_)/.exec(value)?.[0] ?? '';
  return `${prefix}… (${value.length} characters)`;
}

const secrets = [
  /\b(sk_(?:test|live)_|whsec_)[\w+/=-]+/g,
  // A JWT, and what comes after `Bearer`.
  /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /\b(Bearer\s+)\S+/gi,
  // Lengths of RFC 5321: without them a word of a megabyte would be looked at from each of its letters.
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g,
];

/** A text of somebody else's without tokens, secrets and e-mail addresses. */
export const redactText = (text: string): string =>
  secrets.reduce(
    (rest, pattern) => rest.replace(pattern, (_, kept) => `${typeof kept === 'string' ? kept : ''}…`),
    text,
  );
