import { redactStart } from '../show.ts';

/** A provider of auth.config, as the deployment lists it. */
export interface ListedProvider {
  /** `domain`, or the `issuer` of a customJwt. */
  readonly domain: string;
  /** Absent: it takes any. */
  readonly applicationID?: string;
}

/** Why a deployment refused a token. */
export type Refusal =
  | { readonly reason: 'no_providers' }
  /** None fits. `providers` absent: in production the deployment does not list them. */
  | { readonly reason: 'no_provider_fits'; readonly providers?: readonly ListedProvider[] }
  /** OIDC: signature, expiry, `sub`, or more than one audience. It does not say which. */
  | { readonly reason: 'not_verified' }
  | { readonly reason: 'expired' }
  /** `isAnswering`: there is somebody, who answers as no identity provider does. */
  | { readonly reason: 'identity_provider'; readonly domain?: string; readonly isAnswering: boolean }
  | { readonly reason: 'audience' }
  | { readonly reason: 'issuer' }
  | { readonly reason: 'not_signed'; readonly kid?: string }
  | { readonly reason: 'malformed'; readonly problem: string }
  | { readonly reason: 'variable_missing'; readonly name: string };

/** A text of many providers is a few hundred characters long. */
const longest = 4000;

/**
 * Reads the text of an AuthError, also inside of what the client or a log makes of it: convex-backend crates/authentication,
 * with convex 1.48.0. Null: it says nothing of the configuration, as `Convex token identity expired`.
 */
export function readRefusal(text: string): Refusal | null {
  const start = redactStart(text, longest);
  for (const [pattern, read] of texts) {
    const match = pattern.exec(start);
    if (match) return read(match, start);
  }
  return null;
}

const malformed = (problem: string) => (): Refusal => ({ reason: 'malformed', problem });
const always = (refusal: Refusal) => (): Refusal => refusal;

const texts: readonly (readonly [RegExp, (match: RegExpExecArray, text: string) => Refusal])[] = [
  [
    /\b([A-Z][A-Z0-9_]{1,99}) is used in auth config file but its value was not set/,
    ([, name = '']) => ({ reason: 'variable_missing', name }),
  ],
  [/No auth provider found[^[\]]{0,200}\(no providers configured\)/, always({ reason: 'no_providers' })],
  [/No auth provider found/, (_, text) => readNoProvider(text)],
  [
    /Auth provider discovery of (\S{1,500}) failed(?:: (\d{3})\b)?/,
    ([, domain = '', status]) => ({ reason: 'identity_provider', domain, isAnswering: isRefusing(status) }),
  ],
  [
    /Could not fetch JWKS(?: from URL '([^']{1,500})'(?:: HTTP (\d{3}))?)?/,
    ([, domain, status]) => ({
      reason: 'identity_provider',
      ...(domain !== undefined && { domain }),
      isAnswering: isRefusing(status),
    }),
  ],
  [
    /Invalid JWKS (?:response body|data URL)|Invalid Content-Type .{0,100}when fetching JWKS/,
    (_, text) => {
      const domain = /from '([^']{1,500})'/.exec(text)?.[1];
      return { reason: 'identity_provider', ...(domain !== undefined && { domain }), isAnswering: true };
    },
  ],
  [/Could not verify OIDC token claim/, always({ reason: 'not_verified' })],
  [/Missing issuer/, malformed('iss is missing')],
  [/Missing audience/, always({ reason: 'audience' })],
  [/Invalid audience/, always({ reason: 'audience' })],
  [/Invalid issuer/, always({ reason: 'issuer' })],
  [/Could not decode token\. JWT may be missing a 'kid'/, malformed('kid is missing')],
  [
    /Could not decode token(?:\. The JWT's 'kid' \(key ID\) header is '([^']{1,200})')?/,
    ([, kid]) => ({ reason: 'not_signed', ...(kid !== undefined && { kid }) }),
  ],
  [/Could not validate token: Token not valid yet/, malformed('nbf is in the future')],
  [/Could not validate token/, always({ reason: 'expired' })],
  [/Could not parse (?:JWT payload|as OIDC ID token)/, malformed('no JWT')],
  [/Could not verify token claim/, malformed('sub or exp is missing')],
];

/** 4xx is a word about the question, 408 and 429 excepted; 5xx an outage (crates/errors, `from_http_status_code`). */
const isRefusing = (status: string | undefined): boolean => /^4(?!08|29)/.test(status ?? '');

function readNoProvider(text: string): Refusal {
  const listed = text.matchAll(/\b(?:OIDC\(domain|CustomJWT\(issuer)=([^,\s)]{1,500}), app_id=([^)\]\s]{1,200})\)/g);
  const providers = [...listed].map(([, domain = '', applicationID = '']) => ({
    domain,
    ...(applicationID !== 'none' && { applicationID }),
  }));
  return { reason: 'no_provider_fits', ...(providers.length > 0 && { providers }) };
}
