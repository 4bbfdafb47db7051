import type { Claims } from '../../../core/jwt.ts';
import type { Evidence } from '../../evidence.ts';
import { type Finding, finding } from '../../findings.ts';
import { audienceMismatch, convexAudience } from '../audience.ts';
import { audiencesOf, lifetimeOf, neededSeconds, secondsOf, textOf } from '../claims.ts';
import { clockSkew, serverSeconds } from '../clockSkew.ts';
import { isSameIssuer } from '../issuers.ts';
import { none, show, showAll } from '../show.ts';
import { type ExpectedIssuer, expectedIssuers } from './expectedIssuers.ts';

/** `jwt`: it is none. `lifetime`: `exp` and `iat` together. */
export type TokenClaim = 'jwt' | 'iss' | 'aud' | 'sub' | 'exp' | 'iat' | 'lifetime' | 'nbf' | 'alg' | 'kid';

/** One claim, against what Convex will expect of it. */
export interface TokenVerdict {
  readonly claim: TokenClaim;
  readonly seen: string;
  readonly expected: string;
  readonly ok: boolean;
  /** What it comes to, where it is not well. Two claims may come to the same finding. */
  readonly finding?: Finding;
}

/**
 * A verdict for each claim that Convex looks at: first that of the issuer. What is expected comes from auth.config, else
 * from the publishable key. Nothing where there is no token.
 */
export function judgeToken(evidence: Evidence): readonly TokenVerdict[] {
  const { token } = evidence;
  if (!token) return [];
  const { claims, header } = token;
  if (!claims) {
    return [bad('jwt', none, 'header.payload.signature', finding('TOKEN_MALFORMED', { reason: 'no JWT' }))];
  }
  return [
    ...judgeParties(claims, expectedIssuers(evidence)),
    textOf(claims.sub) === undefined ? missing('sub', 'user_…') : good('sub', show(claims.sub), 'user_…'),
    ...judgeTimes(claims, evidence),
    ...(header ? judgeHeader(header, claims, token.publishedKids) : []),
  ];
}

const good = (claim: TokenClaim, seen: string, expected: string): TokenVerdict => ({
  claim,
  seen,
  expected,
  ok: true,
});
const bad = (claim: TokenClaim, seen: string, expected: string, why: Finding): TokenVerdict => ({
  claim,
  seen,
  expected,
  ok: false,
  finding: why,
});
const missing = (claim: TokenClaim, expected: string): TokenVerdict =>
  bad(claim, none, expected, finding('TOKEN_MALFORMED', { reason: `${claim} is missing` }));

function judgeParties(claims: Claims, issuers: readonly ExpectedIssuer[]): readonly TokenVerdict[] {
  const issuer = textOf(claims.iss);
  const domains = issuers.length > 0 ? showAll(issuers.map(({ domain }) => domain)) : 'https://…';
  const own = issuers.filter(({ domain }) => issuer !== undefined && isSameIssuer(domain, issuer));
  const isOurs = issuers.length === 0 || own.length > 0;
  return [
    issuer === undefined
      ? missing('iss', domains)
      : isOurs
        ? good('iss', show(issuer), domains)
        : bad('iss', show(issuer), domains, finding('TOKEN_ISSUER_WRONG', { seen: show(issuer), expected: domains })),
    judgeAudience(audiencesOf(claims), own.length > 0 ? own : issuers),
  ];
}

function judgeAudience(audiences: readonly string[], issuers: readonly ExpectedIssuer[]): TokenVerdict {
  const wanted = issuers.map(({ applicationID }) => applicationID);
  const ids = wanted.length === 0 ? [convexAudience] : wanted.flatMap((id) => id ?? []);
  const [seen, expected] = [showAll(audiences), showAll(ids)];
  if (wanted.includes(undefined)) return good('aud', seen, expected);
  // Of several Convex takes none: crates/authentication, `validate_id_token`.
  return audiences.length === 1 && ids.includes(audiences[0] ?? '')
    ? good('aud', seen, expected)
    : bad('aud', seen, expected, audienceMismatch(audiences, ids));
}

/** How far ahead of ours a clock may be that is right: Convex's own tolerance of `nbf` (crates/authentication). */
const toleranceSeconds = 5;

function judgeTimes(claims: Claims, { now, runtime, network }: Evidence): readonly TokenVerdict[] {
  const clockAheadMs = network?.clockAheadMs ?? runtime?.clockAheadMs;
  const server = serverSeconds(now, clockAheadMs);
  const [exp, iat, nbf] = [secondsOf(claims.exp), secondsOf(claims.iat), secondsOf(claims.nbf)];
  const at = server === undefined ? 'now' : asTime(server);
  return [
    exp === undefined ? missing('exp', `> ${at}`) : judgeExpiry(exp, server, clockAheadMs),
    iat === undefined ? missing('iat', `<= ${at}`) : judgeStart('iat', iat, server, clockAheadMs),
    ...judgeLifetime(claims),
    ...(nbf === undefined ? [] : [judgeStart('nbf', nbf, server, clockAheadMs)]),
  ];
}

function judgeExpiry(exp: number, server: number | undefined, clockAheadMs: number | undefined): TokenVerdict {
  const expected = `> ${server === undefined ? 'now' : asTime(server)}`;
  if (server === undefined || exp > server) return good('exp', asTime(exp), expected);
  const [skew] = clockSkew(clockAheadMs);
  return bad('exp', asTime(exp), expected, skew ?? finding('TOKEN_EXPIRED', { seconds: Math.round(server - exp) }));
}

function judgeStart(
  claim: 'iat' | 'nbf',
  at: number,
  server: number | undefined,
  clockAheadMs: number | undefined,
): TokenVerdict {
  const expected = `<= ${server === undefined ? 'now' : asTime(server)}`;
  if (server === undefined || at <= server + toleranceSeconds) return good(claim, asTime(at), expected);
  // Clerk's clock is right: a token from the future was made while ours was behind, where nobody has asked a server.
  if (clockAheadMs === undefined) {
    const [skew] = clockSkew((server - at) * 1000);
    return skew ? bad(claim, asTime(at), expected, skew) : good(claim, asTime(at), expected);
  }
  // An `iat` to come is nothing to Convex.
  return claim === 'iat'
    ? good(claim, asTime(at), expected)
    : bad(claim, asTime(at), expected, finding('TOKEN_MALFORMED', { reason: 'nbf is in the future' }));
}

function judgeLifetime(claims: Claims): readonly TokenVerdict[] {
  const seconds = lifetimeOf(claims);
  if (seconds === undefined) return [];
  const [seen, expected] = [`${seconds} s`, `>= ${neededSeconds} s`];
  return seconds < neededSeconds
    ? [bad('lifetime', seen, expected, finding('TOKEN_LIFETIME_TOO_SHORT', { seconds, neededSeconds }))]
    : [good('lifetime', seen, expected)];
}

/** What Convex verifies: RS256 and EdDSA of an OIDC provider, RS256 and ES256 of a customJwt. A signing key of a template's own is HS256. */
const algorithms = ['RS256', 'ES256', 'EdDSA'];

function judgeHeader(
  header: Readonly<Record<string, unknown>>,
  claims: Claims,
  publishedKids: readonly string[] | undefined,
): readonly TokenVerdict[] {
  const [alg, kid, issuer] = [textOf(header.alg), textOf(header.kid), textOf(claims.iss)];
  const mismatch = finding('TOKEN_SIGNATURE_MISMATCH', {
    ...(issuer !== undefined && { issuer: show(issuer) }),
    kid: kid === undefined ? none : show(kid),
  });
  const expectedKid = publishedKids ? showAll(publishedKids) : 'ins_…';
  const isKnown = kid !== undefined && (publishedKids?.includes(kid) ?? true);
  const isSignedRight = alg !== undefined && algorithms.includes(alg);
  return [
    isSignedRight
      ? good('alg', show(alg), algorithms.join(', '))
      : bad('alg', alg === undefined ? none : show(alg), algorithms.join(', '), mismatch),
    isKnown
      ? good('kid', show(kid), expectedKid)
      : kid === undefined && isSignedRight
        ? missing('kid', expectedKid)
        : bad('kid', kid === undefined ? none : show(kid), expectedKid, mismatch),
  ];
}

/** A time as people read it; the number where it is no time. */
function asTime(seconds: number): string {
  const at = new Date(seconds * 1000);
  return Number.isNaN(at.getTime()) ? String(seconds) : at.toISOString();
}
