/**
 * A secret key of Clerk's (`sk_test_` and 42 letters and digits) or a signing secret of Svix's (`whsec_` and base64 of 24 to 64
 * bytes), complete and with nothing around it.
 */
export const isSecret = (value: string): boolean => {
  const [only] = secretsIn(value);
  return only?.value === value.trim();
};

export interface FoundSecret {
  readonly kind: 'secret_key' | 'webhook_secret';
  readonly value: string;
  readonly index: number;
}

/** Secrets in a text, without placeholders: `sk_test_xxx`, `whsec_your_secret`. */
export function secretsIn(text: string): readonly FoundSecret[] {
  return [
    ...text.matchAll(/(?<![\w-])(?:sk_(?:test|live)_[A-Za-z\d]{20,200}|whsec_[A-Za-z\d+/]{24,200}={0,2})(?![\w-])/g),
  ]
    .map((match): FoundSecret => {
      const [value] = match;
      return { kind: value.startsWith('whsec_') ? 'webhook_secret' : 'secret_key', value, index: match.index };
    })
    .filter(({ value }) => !isPlaceholder(value));
}

/** Words that no random text has, few different letters, or what documentation shows to everybody. */
function isPlaceholder(value: string): boolean {
  const rest = value.replace(/^(sk_(test|live)|whsec)_/, '');
  if (value === 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') return true; // of Svix's documentation
  if (/x{4}|0{6}|your|placeholder|example|replace|changeme|redacted|insert|secret|dummy/i.test(rest)) return true;
  return new Set(rest).size < 8;
}
