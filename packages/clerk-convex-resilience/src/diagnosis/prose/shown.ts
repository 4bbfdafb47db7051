import type { FindingText } from '../describeFinding.ts';
import type { FindingArgs, FindingCode } from '../findings.ts';
import { code, unseen } from './code.ts';

type Shown = Pick<FindingText, 'seen' | 'expected'>;

const both = ({ seen, expected }: { seen: string; expected: string }): Shown => ({
  ...(seen !== unseen && { seen: code(seen) }),
  ...(expected !== unseen && { expected: code(expected) }),
});
const only = (seen: string | undefined): Shown => (seen === undefined || seen === unseen ? {} : { seen: code(seen) });
/** Nothing of a setting that nobody has seen. */
const named = (name: string, seen: string): string => (seen === unseen ? unseen : `${name}=${seen}`);
const value = ({ name, seen }: { name: string; seen: string }): Shown => only(named(name, seen));
const values = ({ name, seen, expected }: { name: string; seen: string; expected: string }): Shown =>
  both({ seen: named(name, seen), expected: named(name, expected) });
const failing = (where: string, how: string | number = unseen): Shown =>
  only(how === unseen ? where : `${where}: ${how}`);
const inSeconds = (seconds: number | undefined): string =>
  seconds === undefined ? unseen : `${Math.round(seconds)} s`;
const nothing = (): Shown => ({});

/** What is seen and what is expected of each code: values only, so that few words are to be said in another language (`ValueWords`). */
export const shown: { readonly [Code in FindingCode]: (args: FindingArgs[Code]) => Shown } = {
  JWT_TEMPLATE_MISSING: ({ frontendApi }) => only(frontendApi),
  JWT_TEMPLATE_MISNAMED: ({ seen }) => both({ seen, expected: '"convex"' }),
  JWT_TEMPLATE_WRONG_IN_CODE: both,
  TOKEN_AUDIENCE_WRONG: both,
  TOKEN_ISSUER_WRONG: both,
  TOKEN_LIFETIME_TOO_SHORT: ({ seconds, neededSeconds }) =>
    both({ seen: inSeconds(seconds), expected: `≥ ${Math.ceil(neededSeconds)} s` }),
  TOKEN_SIGNATURE_MISMATCH: ({ issuer, kid }) => ({
    ...(kid !== undefined && { seen: code(`kid: ${kid}`) }),
    ...(issuer !== undefined && { expected: code(`${issuer}/.well-known/jwks.json`) }),
  }),
  TOKEN_MALFORMED: ({ reason }) => only(reason),
  TOKEN_EXPIRED: ({ seconds }) => only(`exp: −${Math.round(seconds)} s`),
  CLOCK_SKEW: ({ seconds }) =>
    seconds === undefined ? {} : only(`${seconds < 0 ? '−' : '+'}${inSeconds(Math.abs(seconds))}`),

  AUTH_CONFIG_MISSING: ({ expected }) => ({ expected: code(expected) }),
  AUTH_CONFIG_NOT_DEPLOYED: ({ deployment }) => only(deployment),
  AUTH_CONFIG_WITHOUT_ISSUER: both,
  AUTH_CONFIG_UNREADABLE: ({ reason }) => only(reason),
  APPLICATION_ID_WRONG: both,

  ISSUER_ENV_MISSING: ({ name, expected }) => (expected === undefined ? {} : { expected: code(`${name}=${expected}`) }),
  ISSUER_TRAILING_SLASH: values,
  ISSUER_NOT_HTTPS: values,
  ISSUER_WITH_PATH: values,
  ISSUER_OF_ANOTHER_INSTANCE: values,
  IDENTITY_PROVIDER_UNREACHABLE: ({ domain }) => only(domain),
  IDENTITY_PROVIDER_WRONG: ({ domain }) => only(domain),

  PUBLISHABLE_KEY_MISSING: nothing,
  PUBLISHABLE_KEY_MALFORMED: (args) => ({ ...value(args), expected: code('pk_test_… / pk_live_…') }),
  PUBLISHABLE_KEY_NOT_EXPOSED: both,
  TEST_KEY_IN_PRODUCTION: ({ name, where }) => ({
    ...failing(where, `${name}=pk_test_…`),
    expected: code('pk_live_…'),
  }),
  SECRET_KEY_MISSING: nothing,
  SECRET_KEY_MALFORMED: (args) => ({ ...value(args), expected: code('sk_test_… / sk_live_…') }),
  SECRET_KEY_OF_ANOTHER_INSTANCE: both,
  SECRET_KEY_REFUSED: value,
  SECRET_KEY_IN_PUBLIC_VARIABLE: value,
  CLERK_SECRET_KEY_MISSING_IN_CONVEX: ({ file }) => only(`${file}: process.env.CLERK_SECRET_KEY`),
  ENV_FILE_NOT_IGNORED: ({ file }) => only(file),
  SECRET_IN_TRACKED_FILE: ({ seen }) => only(seen),

  CONVEX_URL_MISSING: nothing,
  CONVEX_URL_MALFORMED: (args) => ({ ...value(args), expected: code('https://happy-animal-123.convex.cloud') }),
  CONVEX_URL_OF_ANOTHER_DEPLOYMENT: both,
  CONVEX_UNREACHABLE: ({ url, reason }) => failing(url, reason),
  USERS_TABLE_MISSING: ({ file }) => only(file),
  FUNCTION_RAN_WITHOUT_IDENTITY: ({ seen, times }) => only(times > 1 ? `${seen} (${times}×)` : seen),

  WEBHOOK_SECRET_MISSING: nothing,
  WEBHOOK_SECRET_MALFORMED: (args) => ({ ...value(args), expected: code('whsec_…') }),
  WEBHOOK_ROUTE_MISSING: ({ expected, status }) =>
    status === undefined
      ? { expected: code(expected) }
      : { ...failing(`POST ${expected}`, status), expected: code('400') },
  WEBHOOK_METHOD_REFUSED: ({ url }) => ({ ...failing(`POST ${url}`, 405), expected: code('400') }),
  WEBHOOK_ROUTE_PROTECTED: ({ url, status }) => ({
    ...(status === undefined ? only(url) : failing(`POST ${url}`, status)),
    expected: code('400'),
  }),
  WEBHOOK_SIGNATURE_REFUSED: ({ times }) => only(`bad_signature (${times}×)`),
  WEBHOOK_ENDPOINT_FAILING: ({ url, status, location }) => ({
    ...failing(`POST ${url}`, location === undefined ? status : `${status} → ${location}`),
    expected: code('400'),
  }),
  WEBHOOK_UNREACHABLE: ({ url, reason }) => failing(url, reason),

  MIDDLEWARE_MISSING: ({ expected, found, path }) =>
    path === undefined ? { ...(found !== undefined && { seen: code(found) }), expected: code(expected) } : only(path),
  MIDDLEWARE_AND_PROXY: ({ files }) => ({ ...only(files), expected: code('proxy.ts') }),
  MIDDLEWARE_WITHOUT_CLERK: ({ file }) => ({ ...only(file), expected: code('clerkMiddleware()') }),

  FRONTEND_API_NOT_RESOLVED: ({ host }) => only(host),
  FRONTEND_API_UNREACHABLE: ({ host, reason }) => failing(host, reason),
  FRONTEND_API_TLS_FAULT: ({ host, reason }) => failing(host, reason),
  CAPTIVE_PORTAL: ({ host, seen }) => failing(host, seen),
  FRONTEND_API_FAILING: ({ host, status }) => failing(host, status),
  ORIGIN_NOT_ALLOWED: ({ origin }) => only(origin),
  CLERK_JS_BLOCKED: ({ host, reason }) => failing(host, reason),
  THIRD_PARTY_COOKIES_BLOCKED: ({ host }) => only(host),
  CLERK_INCIDENT: ({ title }) => only(title),
  TOKEN_REQUESTS_FAILED: ({ seen }) => only(seen),

  CLERK_REACT_DEPRECATED: ({ version }) => both({ seen: `@clerk/clerk-react ${version}`, expected: '@clerk/react' }),
  VERSION_UNSUPPORTED: ({ name, seen, expected }) => both({ seen: `${name} ${seen}`, expected: `${name} ${expected}` }),
  REACT_DUPLICATED: ({ versions }) => only(versions),
  CONVEX_DUPLICATED: ({ versions }) => only(versions),

  STALE_CLERK_COOKIES: both,
  STALE_BUILD_CACHE: ({ folder, file }) => only(`${folder} < ${file}`),

  PROVIDER_ORDER_WRONG: ({ outer, inner }) => both({ seen: `<${outer}><${inner}>`, expected: `<${inner}><${outer}>` }),
  CLERK_PROVIDER_MISSING: ({ name }) => both({ seen: `<${name}>`, expected: `<ClerkProvider><${name}>` }),
  USE_AUTH_OF_ANOTHER_PACKAGE: both,
  CONVEX_PROVIDER_WITHOUT_AUTH: ({ seen, expected }) => both({ seen: `<${seen}>`, expected: `<${expected}>` }),
};
