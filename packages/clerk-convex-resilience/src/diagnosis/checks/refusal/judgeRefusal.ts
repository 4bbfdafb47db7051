import type { Claims } from '../../../core/jwt.ts';
import { type Finding, finding } from '../../findings.ts';
import { audienceMismatch, convexAudience } from '../audience.ts';
import { audiencesOf, secondsOf, textOf } from '../claims.ts';
import { clockSkew, isSkewed, serverSeconds } from '../clockSkew.ts';
import { isSameIssuer } from '../issuers.ts';
import { none, show, showAll, unseen } from '../show.ts';
import { type ListedProvider, type Refusal, readRefusal } from './readRefusal.ts';

/** What is known beside the text. Each part is absent where nobody knows it. */
export interface RefusalContext {
  readonly claims?: Claims | undefined;
  readonly header?: Readonly<Record<string, unknown>> | undefined;
  readonly now?: number | undefined;
  readonly clockAheadMs?: number | undefined;
  readonly publishedKids?: readonly string[] | undefined;
  readonly refusedForMs?: number | undefined;
  /** Who makes the tokens, where there are no claims: `https://clerk.example.com`. */
  readonly issuer?: string | undefined;
  /** Name of the deployment. */
  readonly deployment?: string | undefined;
}

/** Longer than this no outage of an identity provider lasts as a rule: the address is wrong. In milliseconds. */
const outageMs = 60_000;

/** What is wrong, told from the words with which a deployment refused a token. */
export function judgeRefusal(text: string, context: RefusalContext): readonly Finding[] {
  const refusal = readRefusal(text);
  return refusal ? judge(refusal, context) : [];
}

function judge(refusal: Refusal, context: RefusalContext): readonly Finding[] {
  const issuer = textOf(context.claims?.iss) ?? context.issuer;
  const audiences = context.claims && audiencesOf(context.claims);
  switch (refusal.reason) {
    case 'no_providers':
      return [
        finding('AUTH_CONFIG_NOT_DEPLOYED', {
          ...(context.deployment !== undefined && { deployment: show(context.deployment) }),
        }),
      ];
    case 'no_provider_fits':
      return refusal.providers
        ? judgeProviders(refusal.providers, issuer, audiences)
        : [judgeUnlisted(issuer, audiences)];
    case 'not_verified':
      return judgeVerification(context);
    case 'expired':
      return judgeExpiry(context) ?? [];
    case 'identity_provider':
      return [judgeIdentityProvider(refusal.domain, refusal.isAnswering, context.refusedForMs)];
    case 'audience': {
      // A customJwt that wants another one than Clerk makes does not say which.
      const expected = audiences?.includes(convexAudience) ? unseen : convexAudience;
      return [finding('TOKEN_AUDIENCE_WRONG', { seen: audiences ? showAll(audiences) : unseen, expected })];
    }
    case 'issuer':
      return [finding('TOKEN_ISSUER_WRONG', { seen: issuer ? show(issuer) : unseen, expected: unseen })];
    case 'not_signed':
      return [signatureMismatch({ ...context, header: context.header ?? { kid: refusal.kid } })];
    case 'malformed':
      return [finding('TOKEN_MALFORMED', { reason: refusal.problem })];
    case 'variable_missing':
      return [finding('ISSUER_ENV_MISSING', { name: refusal.name, ...(issuer && { expected: show(issuer) }) })];
    default:
      return refusal satisfies never;
  }
}

/** `isAnswering`: there is somebody, who answers as no identity provider does. */
export const judgeIdentityProvider = (domain: string | undefined, isAnswering: boolean, refusedForMs = 0): Finding =>
  finding(isAnswering || refusedForMs > outageMs ? 'IDENTITY_PROVIDER_WRONG' : 'IDENTITY_PROVIDER_UNREACHABLE', {
    ...(domain !== undefined && { domain: show(domain) }),
  });

/** Of what production keeps to itself only the audience can be judged: everybody's is the same. */
const judgeUnlisted = (issuer: string | undefined, audiences: readonly string[] | undefined): Finding =>
  audiences && !audiences.includes(convexAudience)
    ? audienceMismatch(audiences, [convexAudience])
    : finding('AUTH_CONFIG_WITHOUT_ISSUER', { seen: unseen, expected: issuer ? show(issuer) : unseen });

function judgeProviders(
  providers: readonly ListedProvider[],
  issuer: string | undefined,
  audiences: readonly string[] | undefined,
): readonly Finding[] {
  const domains = showAll(providers.map(({ domain }) => domain));
  const applicationIdsOf = (list: readonly ListedProvider[]) => list.flatMap((one) => one.applicationID ?? []);
  if (issuer === undefined) return [finding('AUTH_CONFIG_WITHOUT_ISSUER', { seen: domains, expected: unseen })];

  const own = providers.filter(({ domain }) => isSameIssuer(domain, issuer));
  if (own.length > 0) return judgeOwnProviders(own, issuer, audiences, applicationIdsOf(own));

  const insecure = providers.find(({ domain }) => isSameIssuer(domain.replace(/^http:/, 'https:'), issuer));
  if (insecure) {
    return [finding('ISSUER_NOT_HTTPS', { name: 'domain', seen: show(insecure.domain), expected: show(issuer) })];
  }
  // Providers of others may be there too: an audience that Clerk makes is not wrong because theirs is another.
  const known = [convexAudience, ...applicationIdsOf(providers)];
  const isForNobody =
    audiences !== undefined && !audiences.some((one) => known.includes(one)) && applicationIdsOf(providers).length > 0;
  return [
    finding('TOKEN_ISSUER_WRONG', { seen: show(issuer), expected: domains }),
    ...(isForNobody ? [audienceMismatch(audiences, applicationIdsOf(providers))] : []),
  ];
}

/** The issuer is right, so it is the audience; and where that is right too, the slash. */
function judgeOwnProviders(
  own: readonly ListedProvider[],
  issuer: string,
  audiences: readonly string[] | undefined,
  applicationIds: readonly string[],
): readonly Finding[] {
  const takesAny = own.some(({ applicationID }) => applicationID === undefined);
  if (!takesAny) {
    if (audiences === undefined) {
      return applicationIds.includes(convexAudience)
        ? [finding('TOKEN_AUDIENCE_WRONG', { seen: unseen, expected: showAll(applicationIds) })]
        : [finding('APPLICATION_ID_WRONG', { seen: showAll(applicationIds), expected: convexAudience })];
    }
    if (!audiences.some((one) => applicationIds.includes(one))) return [audienceMismatch(audiences, applicationIds)];
  }
  const slashed = own.find(({ domain }) => domain.endsWith('/') && !issuer.endsWith('/'));
  return slashed
    ? [finding('ISSUER_TRAILING_SLASH', { name: 'domain', seen: show(slashed.domain), expected: show(issuer) })]
    : [];
}

/** The text is the same for everything that can be wrong: what the token itself shows comes first, the signature is the rest. */
function judgeVerification(context: RefusalContext): readonly Finding[] {
  const { claims, header, publishedKids } = context;
  if (!claims) return [];
  const kid = textOf(header?.kid);
  if (publishedKids && kid !== undefined && !publishedKids.includes(kid)) return [signatureMismatch(context)];

  const missing = (['sub', 'exp', 'iat'] as const).find((name) =>
    name === 'sub' ? textOf(claims.sub) === undefined : secondsOf(claims[name]) === undefined,
  );
  if (missing) return [finding('TOKEN_MALFORMED', { reason: `${missing} is missing` })];

  // Convex wants one audience, not one of several (crates/authentication, `validate_id_token`).
  const audiences = audiencesOf(claims);
  if (audiences.length > 1) return [audienceMismatch(audiences, [convexAudience])];

  const expired = judgeExpiry(context);
  if (expired || context.now === undefined) return expired ?? [];
  const overMs = context.now - (secondsOf(claims.exp) ?? Infinity) * 1000;
  if (overMs >= 0) {
    // By Clerk's clock it is good, and by this device's it is over: it is Clerk's that differs from Convex's.
    if (isSkewed(context.clockAheadMs)) return clockSkew(context.clockAheadMs);
    // Signed by a key that Clerk publishes, so that it is no wrong signature.
    if (publishedKids && kid !== undefined) return [tokenExpired(overMs / 1000)];
  }
  return [signatureMismatch(context)];
}

/** Null: it has not expired, or nobody knows. A clock that is behind is why a token that has expired was handed out. */
function judgeExpiry({ claims, now, clockAheadMs }: RefusalContext): readonly Finding[] | null {
  const [exp, server] = [secondsOf(claims?.exp), serverSeconds(now, clockAheadMs)];
  if (exp === undefined || server === undefined || exp > server) return null;
  return isSkewed(clockAheadMs) ? clockSkew(clockAheadMs) : [tokenExpired(server - exp)];
}

const tokenExpired = (seconds: number): Finding => finding('TOKEN_EXPIRED', { seconds: Math.round(seconds) });

function signatureMismatch({ claims, header, issuer }: RefusalContext): Finding {
  const [kid, by] = [textOf(header?.kid), textOf(claims?.iss) ?? issuer];
  return finding('TOKEN_SIGNATURE_MISMATCH', {
    ...(by !== undefined && { issuer: show(by) }),
    kid: kid === undefined ? none : show(kid),
  });
}
