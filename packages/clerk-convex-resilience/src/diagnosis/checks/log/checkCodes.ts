import type { Check } from '../../check.ts';
import { type Finding, type FindingArgs, type FindingCode, finding } from '../../findings.ts';
import { convexAudience } from '../audience.ts';
import { neededSeconds } from '../claims.ts';
import { none, unseen } from '../show.ts';

/** What a line of this library's own means: in production it has the code and nothing else. */
export const checkCodes: Check = ({ log }) =>
  [...new Set(log?.codes ?? [])].flatMap((code) => (isKnown(code) ? known(code) : []));

const mismatch = { seen: unseen, expected: unseen };
const host = { host: unseen };

/** Of codes that say something without a place. What is wrong in a file, the file says better. */
const args = {
  JWT_TEMPLATE_MISSING: {},
  JWT_TEMPLATE_MISNAMED: { seen: unseen },
  TOKEN_AUDIENCE_WRONG: { seen: unseen, expected: convexAudience },
  TOKEN_ISSUER_WRONG: mismatch,
  TOKEN_SIGNATURE_MISMATCH: { kid: none },
  TOKEN_MALFORMED: { reason: unseen },
  AUTH_CONFIG_NOT_DEPLOYED: {},
  AUTH_CONFIG_WITHOUT_ISSUER: mismatch,
  APPLICATION_ID_WRONG: { seen: unseen, expected: convexAudience },
  IDENTITY_PROVIDER_UNREACHABLE: {},
  IDENTITY_PROVIDER_WRONG: {},
  TOKEN_LIFETIME_TOO_SHORT: { neededSeconds },
  CLOCK_SKEW: {},
  TEST_KEY_IN_PRODUCTION: { name: 'CLERK_PUBLISHABLE_KEY', where: unseen },
  PUBLISHABLE_KEY_MISSING: { name: 'CLERK_PUBLISHABLE_KEY' },
  PUBLISHABLE_KEY_MALFORMED: { name: 'CLERK_PUBLISHABLE_KEY', seen: unseen },
  SECRET_KEY_MISSING: { name: 'CLERK_SECRET_KEY' },
  SECRET_KEY_MALFORMED: { name: 'CLERK_SECRET_KEY', seen: unseen },
  SECRET_KEY_OF_ANOTHER_INSTANCE: { name: 'CLERK_SECRET_KEY', ...mismatch },
  SECRET_KEY_REFUSED: { name: 'CLERK_SECRET_KEY', seen: unseen },
  SECRET_KEY_IN_PUBLIC_VARIABLE: { name: 'CLERK_PUBLISHABLE_KEY', seen: unseen },
  ISSUER_NOT_HTTPS: { name: 'CLERK_JWT_ISSUER_DOMAIN', ...mismatch },
  ISSUER_TRAILING_SLASH: { name: 'CLERK_JWT_ISSUER_DOMAIN', ...mismatch },
  ISSUER_ENV_MISSING: { name: 'CLERK_JWT_ISSUER_DOMAIN' },
  CONVEX_URL_MISSING: { name: 'CONVEX_URL' },
  CONVEX_URL_MALFORMED: { name: 'CONVEX_URL', seen: unseen },
  FUNCTION_RAN_WITHOUT_IDENTITY: { seen: unseen, times: 1 },
  WEBHOOK_SECRET_MISSING: { name: 'CLERK_WEBHOOK_SIGNING_SECRET' },
  WEBHOOK_SECRET_MALFORMED: { name: 'CLERK_WEBHOOK_SIGNING_SECRET', seen: unseen },
  WEBHOOK_ENDPOINT_FAILING: { url: unseen, status: 500 },
  MIDDLEWARE_MISSING: { expected: 'proxy.ts' },
  MIDDLEWARE_AND_PROXY: { files: 'middleware.ts, proxy.ts' },
  MIDDLEWARE_WITHOUT_CLERK: { file: 'proxy.ts' },
  FRONTEND_API_NOT_RESOLVED: host,
  FRONTEND_API_UNREACHABLE: { ...host, reason: unseen },
  FRONTEND_API_FAILING: host,
  CLERK_JS_BLOCKED: { ...host, reason: 'network' },
  ORIGIN_NOT_ALLOWED: {},
  THIRD_PARTY_COOKIES_BLOCKED: host,
  STALE_CLERK_COOKIES: mismatch,
  REACT_DUPLICATED: { versions: unseen },
  CONVEX_DUPLICATED: { versions: unseen },
} satisfies { readonly [Code in FindingCode]?: FindingArgs[Code] };

type KnownCode = keyof typeof args;

const isKnown = (code: string): code is KnownCode => Object.hasOwn(args, code);

const known = (code: KnownCode): Finding => finding<FindingCode>(code, args[code]);
