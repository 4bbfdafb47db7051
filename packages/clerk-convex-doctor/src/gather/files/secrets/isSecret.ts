/**
 * A secret key of Clerk's (`sk_test_` and 42 letters and digits; Clerk promises no length), a signing secret of Svix's (`whsec_` and base64 of 24 to 64
 * bytes) or a key of a Convex deployment, complete and with nothing around it.
 */
export const isSecret = (value: string): boolean => {
  const [only] = secretsIn(value);
  return only?.value === value.trim();
};

export interface FoundSecret {
  readonly kind: 'secret_key' | 'webhook_secret' | 'deploy_key';
  readonly value: string;
  readonly index: number;
}

const shapes: readonly (readonly [FoundSecret['kind'], RegExp])[] = [
  // Stripe's begin alike, with `51`, or were of 24 letters and digits.
  ['secret_key', /(?<![\w-])sk_(?:test|live)_(?!51)[A-Za-z\d]{32,64}(?![\w-])/g],
  ['webhook_secret', /(?<![\w-])whsec_[A-Za-z\d+/]{32,86}={0,2}(?![\w-])/g],
  // `prod:happy-animal-123|…`, `preview:team:project|…`, and the admin key of one's own server, `name|…` (convex 1.48).
  [
    'deploy_key',
    /(?<![\w-])(?:(?:prod|dev|preview|project):[\w-]{1,100}(?::[\w-]{1,100})?|[\w-]{0,60}self-hosted)\|[A-Za-z\d+/=_-]{32,500}/g,
  ],
];

/** Secrets in a text, in its order and without placeholders: `sk_test_xxx`, `whsec_your_secret`. */
export function secretsIn(text: string): readonly FoundSecret[] {
  return shapes
    .flatMap(([kind, shape]) =>
      [...text.matchAll(shape)].map((match): FoundSecret => ({ kind, value: match[0], index: match.index })),
    )
    .filter(({ value }) => !isPlaceholder(value))
    .sort((a, b) => a.index - b.index);
}

/** Words that no random text has, few different letters, or what documentation shows to everybody. */
function isPlaceholder(value: string): boolean {
  const rest = value.replace(/^(sk_(test|live)_|whsec_|[^|]*\|)/, '');
  if (value === 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') return true; // of Svix's documentation
  if (/x{4}|0{6}|your|placeholder|example|replace|changeme|redacted|insert|secret|dummy/i.test(rest)) return true;
  return new Set(rest).size < 8;
}
