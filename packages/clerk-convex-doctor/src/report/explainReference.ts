import { type FindingCode, findingCodes } from 'clerk-convex-resilience/diagnosis';

/** A reference from production, taken apart: `JWT_TEMPLATE_MISSING 20261126T1844Z 1.4.2`. */
export interface ExplainedReference {
  readonly code: string;
  /** To the minute, ISO 8601. Absent: it has none. */
  readonly at?: string;
  /** Of the app. */
  readonly build?: string;
  readonly meaning: string;
  /** Findings that it comes of, the most likely first: `explain` says more of each. */
  readonly findings: readonly FindingCode[];
}

/** Reads what the notice in an app shows: what, when, and which build. Null: it is none. */
export function explainReference(text: string): ExplainedReference | null {
  const [code, ...rest] = text.trim().toUpperCase().split(/\s+/);
  if (!code || !/^\w{1,60}$/.test(code)) return null;
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z$/.exec(rest[0] ?? '');
  const build = rest.slice(time ? 1 : 0).join(' ');
  const at = time && `${time[1]}-${time[2]}-${time[3]}T${time[4]}:${time[5]}Z`;
  return { code, ...(at && { at }), ...(build !== '' && { build }), ...meaningOf(code) };
}

function meaningOf(code: string): Pick<ExplainedReference, 'meaning' | 'findings'> {
  const finding = findingCodes.find((known) => known === code);
  if (finding) return { meaning: 'The app has found the cause by itself.', findings: [finding] };
  const row = table.find(([match]) => (typeof match === 'string' ? match === code : match.test(code)));
  if (row) return { meaning: row[1], findings: row[2] ?? [] };
  return {
    meaning: 'An error of this code, which the doctor does not know. It is Clerk’s, Convex’s or the app’s own.',
    findings: [],
  };
}

/** Kinds of failure and of notice (core/failure, core/noticeOf of the library), and codes of Clerk and of networks, in capitals. */
const table: readonly (readonly [match: string | RegExp, meaning: string, findings?: readonly FindingCode[]])[] = [
  [
    'RESOURCE_NOT_FOUND',
    'Clerk has no JWT template of the name that was asked for.',
    ['JWT_TEMPLATE_MISSING', 'JWT_TEMPLATE_MISNAMED'],
  ],
  ['ORIGIN_INVALID', 'Clerk refuses requests from the origin of the page.', ['ORIGIN_NOT_ALLOWED']],
  [
    'PUBLISHABLEKEY',
    'The publishable key is missing or malformed in this build.',
    ['PUBLISHABLE_KEY_MISSING', 'PUBLISHABLE_KEY_MALFORMED'],
  ],
  [
    'CONVEXURL',
    'The Convex URL is missing or malformed in this build.',
    ['CONVEX_URL_MISSING', 'CONVEX_URL_MALFORMED'],
  ],
  [
    /^(MISCONFIGURED|UNCONFIGURED)$/,
    'Convex refuses the tokens that Clerk makes, or the app is not configured.',
    ['TOKEN_ISSUER_WRONG', 'TOKEN_AUDIENCE_WRONG', 'AUTH_CONFIG_NOT_DEPLOYED', 'AUTH_CONFIG_WITHOUT_ISSUER'],
  ],
  [
    'CLOCK_SKEW',
    'The clock of the device or of a server is wrong, or the signature is of another key.',
    ['CLOCK_SKEW', 'TOKEN_SIGNATURE_MISMATCH'],
  ],
  [
    'IDENTITY_LOST',
    'Convex had accepted the token and then did not: it is asked again by itself.',
    ['IDENTITY_PROVIDER_UNREACHABLE'],
  ],
  [
    /^(NETWORK|NETWORK_ERROR|TIMEOUT|OFFLINE|CLERK_OFFLINE|CONNECTING|RECOVERING|CLERK_UNREACHABLE|ABORTED|ERR_\w+|E[A-Z]{4,})$/,
    'A request to Clerk did not get through. It passes by itself, and the user stays signed in.',
    ['TOKEN_REQUESTS_FAILED', 'FRONTEND_API_UNREACHABLE'],
  ],
  ['CONVEX_UNREACHABLE', 'The deployment could not be reached. It passes by itself.', ['CONVEX_UNREACHABLE']],
  [
    /^(SERVER|INTERNAL_CLERK_ERROR|OVERLOADED)$/,
    'Clerk or Convex answered with an error of its own.',
    ['CLERK_INCIDENT', 'FRONTEND_API_FAILING'],
  ],
  [
    /^(RATE_LIMITED|TOO_MANY_REQUESTS)$/,
    'Clerk asked to wait: too many requests from one address.',
    ['FRONTEND_API_FAILING'],
  ],
  [
    /^(SESSION_ENDED|AUTHENTICATION_INVALID|CLIENT_MISMATCH|MISSING_EXPIRED_TOKEN)$/,
    'Clerk has ended the session: the user has to sign in again. Nothing is wrong with the app.',
  ],
  [/^(ACCOUNT_BLOCKED|USER_(BANNED|DEACTIVATED|LOCKED))$/, 'Clerk has blocked the account: Clerk dashboard, Users.'],
  [
    /^(NOT_LOADED|CLERK_NOT_LOADED|FAILED_TO_LOAD_CLERK\w*|CLERK_RUNTIME_LOAD_TIMEOUT|CLERK_INIT_FAILED)$/,
    "Clerk's script could not be loaded.",
    ['CLERK_JS_BLOCKED', 'FRONTEND_API_NOT_RESOLVED'],
  ],
  ['BACK_ONLINE', 'The connection was back: nothing is wrong.'],
  ['UNKNOWN', 'An error that says nothing of its cause. What the app has logged at that time says more.'],
];
