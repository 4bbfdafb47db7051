import type { Finding, FindingCode } from '../findings.ts';

const wayToClerk = [
  'FRONTEND_API_NOT_RESOLVED',
  'FRONTEND_API_UNREACHABLE',
  'FRONTEND_API_TLS_FAULT',
  'FRONTEND_API_FAILING',
] as const;
const ofClerk = ['CLERK_JS_BLOCKED', 'IDENTITY_PROVIDER_UNREACHABLE'] as const;
const identityProvider = ['IDENTITY_PROVIDER_UNREACHABLE', 'IDENTITY_PROVIDER_WRONG'] as const;
const refused = ['TOKEN_ISSUER_WRONG', 'AUTH_CONFIG_WITHOUT_ISSUER', 'AUTH_CONFIG_NOT_DEPLOYED'] as const;

/** What comes of each cause: who has the cause need not be told of it. */
const followUps: { readonly [Cause in FindingCode]?: readonly FindingCode[] } = {
  // Whoever answers in Clerk's place answers in everybody's.
  CAPTIVE_PORTAL: [
    ...wayToClerk,
    ...identityProvider,
    'CONVEX_UNREACHABLE',
    'CLERK_JS_BLOCKED',
    'SECRET_KEY_REFUSED',
    'WEBHOOK_ENDPOINT_FAILING',
  ],
  // The Frontend API is the identity provider, and has the script.
  FRONTEND_API_NOT_RESOLVED: ofClerk,
  FRONTEND_API_UNREACHABLE: ofClerk,
  FRONTEND_API_TLS_FAULT: ofClerk,
  FRONTEND_API_FAILING: ofClerk,

  JWT_TEMPLATE_MISNAMED: ['JWT_TEMPLATE_MISSING'],
  AUTH_CONFIG_MISSING: refused,
  AUTH_CONFIG_WITHOUT_ISSUER: ['TOKEN_ISSUER_WRONG'],
  APPLICATION_ID_WRONG: ['TOKEN_AUDIENCE_WRONG'],
  ISSUER_ENV_MISSING: [...refused, ...identityProvider],
  ISSUER_TRAILING_SLASH: [...refused, ...identityProvider],
  ISSUER_NOT_HTTPS: [...refused, ...identityProvider],
  ISSUER_WITH_PATH: [...refused, ...identityProvider],
  ISSUER_OF_ANOTHER_INSTANCE: [...refused, ...identityProvider, 'TOKEN_SIGNATURE_MISMATCH'],
  IDENTITY_PROVIDER_WRONG: ['IDENTITY_PROVIDER_UNREACHABLE'],

  // A clock that is behind hands out tokens that have expired.
  CLOCK_SKEW: ['TOKEN_EXPIRED'],
  SECRET_KEY_MALFORMED: ['SECRET_KEY_REFUSED', 'SECRET_KEY_OF_ANOTHER_INSTANCE'],
  PUBLISHABLE_KEY_MISSING: ['PUBLISHABLE_KEY_MALFORMED'],
  WEBHOOK_SECRET_MISSING: ['WEBHOOK_ENDPOINT_FAILING'],
  WEBHOOK_SECRET_MALFORMED: ['WEBHOOK_ENDPOINT_FAILING', 'WEBHOOK_SECRET_MISSING', 'WEBHOOK_SIGNATURE_REFUSED'],
};

/** Without its keys Clerk's middleware throws (@clerk/nextjs 7.9): every route of the app answers 500, the webhook's too. */
const appKeys: readonly FindingCode[] = [
  'SECRET_KEY_MISSING',
  'SECRET_KEY_MALFORMED',
  'PUBLISHABLE_KEY_MISSING',
  'PUBLISHABLE_KEY_MALFORMED',
];

/** Why no identity arrives: a function that runs as nobody is what each of them looks like from the server. */
const withoutIdentity: readonly FindingCode[] = [
  'JWT_TEMPLATE_MISSING',
  'JWT_TEMPLATE_MISNAMED',
  'TOKEN_AUDIENCE_WRONG',
  'TOKEN_ISSUER_WRONG',
  'TOKEN_LIFETIME_TOO_SHORT',
  'TOKEN_SIGNATURE_MISMATCH',
  'TOKEN_MALFORMED',
  'AUTH_CONFIG_MISSING',
  'AUTH_CONFIG_NOT_DEPLOYED',
  'AUTH_CONFIG_WITHOUT_ISSUER',
  'APPLICATION_ID_WRONG',
  'ISSUER_ENV_MISSING',
  'ISSUER_TRAILING_SLASH',
  'ISSUER_NOT_HTTPS',
  'ISSUER_WITH_PATH',
  'ISSUER_OF_ANOTHER_INSTANCE',
  'IDENTITY_PROVIDER_UNREACHABLE',
  'IDENTITY_PROVIDER_WRONG',
  'PROVIDER_ORDER_WRONG',
  'CLERK_PROVIDER_MISSING',
  'CONVEX_PROVIDER_WITHOUT_AUTH',
  'USE_AUTH_OF_ANOTHER_PACKAGE',
  'CONVEX_DUPLICATED',
  'REACT_DUPLICATED',
];

const isKnown = ({ args }: Finding): boolean => !('mayBeOnHost' in args);

/**
 * Leaves out what comes of another finding, which may be among the `causes` that are known already. `webhookRunsIn`: in
 * Convex, the app's keys do not concern the webhook.
 */
export function withoutFollowUps(
  findings: readonly Finding[],
  causes: readonly Finding[] = [],
  webhookRunsIn: 'app' | 'convex' = 'app',
): readonly Finding[] {
  // What may well be set where the app runs explains nothing of what was seen there.
  const codes = [...causes, ...findings].filter(isKnown).map(({ code }) => code);
  const explained = new Set(codes.flatMap((code) => followUps[code] ?? []));
  if (codes.some((code) => withoutIdentity.includes(code))) explained.add('FUNCTION_RAN_WITHOUT_IDENTITY');
  if (webhookRunsIn === 'app' && codes.some((code) => appKeys.includes(code)))
    explained.add('WEBHOOK_ENDPOINT_FAILING');
  return findings.filter(({ code }) => !explained.has(code));
}
