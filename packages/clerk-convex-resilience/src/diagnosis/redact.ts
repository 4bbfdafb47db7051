/** A secret as it may be shown: its prefix and its length. `sk_test_… (50 characters)`. */
export function redactSecret(value: string): string {
  const prefix = /^(?:[sp]k_(?:test|live)_|whsec_|dvb_)/.exec(value)?.[0] ?? '';
  return `${prefix}… (${value.length} characters)`;
}

/** `query`: what follows the path of a URL. */
export type SecretKind = 'token' | 'key' | 'email' | 'query';

/** What is to be said in place of a secret. `prefix` is the part of it that says what it is: `sk_test_`, `prod:happy-animal-123|`. */
export type Replace = (kind: SecretKind, prefix: string) => string;

interface Rule {
  readonly kind: SecretKind;
  /** Of what it matches, `kept` stays as it is, and `prefix` says what it is. */
  readonly pattern: RegExp;
}

// Each is bounded or begins where a word does: else a word of a megabyte would be looked at from each of its letters.
const rules: readonly Rule[] = [
  // Cookies of clerk-js 5 and 6: sessions, the client, and the browser of a development instance; also `"name":"value"`.
  {
    kind: 'token',
    pattern:
      /(?<kept>(?<!\w)__(?:client|session|refresh|clerk_db_jwt|clerk_handshake(?:_nonce)?)(?:_[\w-]{8})?(?:["']?\s*=\s*|["']\s*:\s*)["']?)[^\s;,"'&]+/g,
  },
  { kind: 'token', pattern: /(?<kept>\bBearer\s+)[\w.~+/|:=-]+/gi },
  // Deploy keys of Convex (`prod:happy-animal-123|…`) and admin keys of a deployment of one's own (`self-hosted|…`, `name|<hex>`).
  {
    kind: 'key',
    pattern:
      /(?<prefix>\b(?:prod|dev|preview|project|local|tunnel)(?::[\w-]{1,64}){1,3}(?:\||%7C))(?:[\w+/=.-]|%[\da-f]{2})+/gi,
  },
  { kind: 'key', pattern: /(?<prefix>(?<![\w-])[\w-]{0,64}self-hosted[\w-]{0,64}(?:\||%7C))[\w+/=.-]+/gi },
  { kind: 'key', pattern: /(?<prefix>(?<![\w-])[\w-]{1,64}(?:\||%7C))(?:eyJ[\w+/=-]+|[\da-f]{24,}[\w+/=-]*)/g },
  // A JWT, or any part of one that begins with a JSON object; and what has three long parts like one.
  { kind: 'token', pattern: /eyJ[\w+/=-]{4,}(?:\.[\w-]*)*/g },
  { kind: 'token', pattern: /(?<![\w-])[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}/g },
  { kind: 'key', pattern: /(?<prefix>\b(?:sk_(?:test|live)_|whsec_))[\w+/=-]+/g },
  { kind: 'token', pattern: /(?<prefix>(?<![A-Za-z\d])dvb_)\w+/g },
  // GitHub's and npm's tokens: an address in package.json may hold one.
  { kind: 'key', pattern: /(?<prefix>\b(?:gh[pousr]_|npm_)(?=[A-Za-z\d]{16})|\bgithub_pat_)\w{16,}/g },
  // In any script, with the lengths of RFC 5321. `convex@1.48.0` is none.
  {
    kind: 'email',
    pattern:
      /[^\s"'<>()[\]{}|`,;:=/?&@…]{1,64}@(?:[^\s"'<>()[\]{}|`,;:=/?&@….]{1,63}\.)+\p{L}[^\s"'<>()[\]{}|`,;:=/?&@….]{1,62}/gu,
  },
];

/** A text of somebody else's, with each token, secret, e-mail address and query string replaced. */
export function replaceSecrets(
  text: string,
  replace: Replace,
  kinds: readonly SecretKind[] = ['token', 'key', 'email', 'query'],
): string {
  let rest = kinds.includes('query') ? text.replace(urls, (url) => withoutQuery(url, replace)) : text;
  for (const { kind, pattern } of rules) {
    if (!kinds.includes(kind)) continue;
    rest = rest.replace(pattern, (...match) => {
      const { kept = '', prefix = '' } = (match.at(-1) ?? {}) as Readonly<Record<string, string | undefined>>;
      return `${kept}${replace(kind, prefix)}`;
    });
  }
  return rest;
}

const urls = /\b[a-z][a-z\d+.-]{0,20}:\/\/[^\s"'`<>)]*/gi;
/** A query of a page that the fix of a finding leads to. */
const harmless = /^\?(?:path=[\w/-]{1,60})?[.,;:]?$/;

/** `https://user:password@host/path?query#fragment` without what is between `//` and `@`, and without the query. */
function withoutQuery(url: string, replace: Replace): string {
  const [, scheme = '', userInfo, rest = ''] = /^([^/]+:\/\/)(?:([^/?#]*)@)?(.*)$/s.exec(url) ?? [];
  const [, path = '', query = ''] = /^([^?#]*)(.*)$/s.exec(rest) ?? [];
  const user = userInfo === undefined ? '' : `${replace('key', '')}@`;
  // An anchor names a place in a page; `#access_token=…` is what OAuth puts there.
  const isShown = harmless.test(query) || /^(?:#[^=]*)?$/.test(query);
  return `${scheme}${user}${path}${isShown ? query : replace('query', query.slice(0, 1))}`;
}

/** A text of somebody else's without tokens, secrets, e-mail addresses and query strings. */
export const redactText = (text: string): string => replaceSecrets(text, (_, prefix) => `${prefix}…`);
