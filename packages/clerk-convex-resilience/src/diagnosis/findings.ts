/**
 * What can be wrong with an app on Clerk and Convex, each under a code of its own: the code is stable, the prose is not
 * (`describeFinding`). `docs/findings/` has a page for each.
 */
export type FindingCode = keyof FindingArgs;

/** `error`: sign-in does not work, or a secret is open. `warning`: it works now, here, or for most. `info`: good to know. */
export type FindingSeverity = 'error' | 'warning' | 'info';

/** One thing that is wrong. Plain data; holds no token, no e-mail address, and of a secret its prefix and length only. */
export type Finding = {
  readonly [Code in FindingCode]: {
    readonly code: Code;
    /** The code's own, unless the check that made it knew better: what is less sure, or worse, than the code as a rule. */
    readonly severity: FindingSeverity;
    /** What was seen and what was expected: what each code needs to be explained. */
    readonly args: FindingArgs[Code];
    /** The page of the catalogue. */
    readonly docsUrl: string;
    /** `apps/web/.env.local:3`: the file, from the project's root, and the line. Absent where it is in no file. */
    readonly at?: string;
  };
}[FindingCode];

/** What anybody may see of a finding: that it is there, and where it is explained. Nothing of what was seen or expected. */
export interface RedactedFinding extends Pick<Finding, 'code' | 'severity' | 'docsUrl'> {
  readonly args?: undefined;
  readonly at?: undefined;
}

/** A finding as an app gets it: in production redacted, without `args`. */
export type ReportedFinding = Finding | RedactedFinding;

/** A setting that is not what it must be. */
interface Mismatch {
  readonly seen: string;
  readonly expected: string;
}
interface Setting {
  /** Name of the environment variable, the prop or the setting. */
  readonly name: string;
}
/** A setting that is in no file here. */
interface MissingSetting extends Setting {
  /** It may be kept where the app runs: nothing here says that it is not. A warning. */
  readonly mayBeOnHost?: true;
  /** An env file that is there in UTF-16, which nothing reads. */
  readonly utf16?: string;
}
/** A setting of auth.config.ts. */
interface IssuerSetting extends Setting, Mismatch {
  /** It stands in auth.config.ts itself: `name` is `domain` or `issuer`, and no variable is behind it. */
  readonly isWrittenOut?: true;
}

interface HostFault {
  readonly host: string;
  /** Nobody else has answered either: it is this machine's network. */
  readonly isEverybody?: true;
}

/** What each code says of what was seen. Shown to people: redacted where it is made. */
export interface FindingArgs {
  // --- The token that Clerk makes ---
  /** No JWT template is called `convex`, and the Convex integration is off. `mayBeIntegration`: or on, which nobody can tell. Info. */
  readonly JWT_TEMPLATE_MISSING: { readonly frontendApi?: string; readonly mayBeIntegration?: true };
  /** A template is there, by nearly the right name. `seen`: its name, in quotes. */
  readonly JWT_TEMPLATE_MISNAMED: { readonly seen: string };
  /** The app's own code asks for a template by another name than the one that is there, or that Convex's provider asks for. In quotes. */
  readonly JWT_TEMPLATE_WRONG_IN_CODE: Mismatch;
  /** `aud` of the token is not the `applicationID`. */
  readonly TOKEN_AUDIENCE_WRONG: Mismatch;
  /** `iss` of the token is not a `domain` of auth.config. */
  readonly TOKEN_ISSUER_WRONG: Mismatch;
  /** The token lives shorter than Convex's client needs to renew it in time. In seconds; how long is unknown where a log tells of it. */
  readonly TOKEN_LIFETIME_TOO_SHORT: { readonly seconds?: number; readonly neededSeconds: number };
  /** No key that the issuer publishes has signed the token. `isUnsure`: or it had expired, or lacks a claim; the text says no more. A warning. */
  readonly TOKEN_SIGNATURE_MISMATCH: { readonly issuer?: string; readonly kid?: string; readonly isUnsure?: true };
  readonly TOKEN_MALFORMED: { readonly reason: string };
  /** `seconds` ago. */
  readonly TOKEN_EXPIRED: { readonly seconds: number };
  /** This device's clock is ahead of the server's (behind, where negative). In seconds; unknown where a log tells of it. */
  readonly CLOCK_SKEW: { readonly seconds?: number };

  // --- convex/auth.config.ts ---
  /** `issuer`: where the publishable key tells it. */
  readonly AUTH_CONFIG_MISSING: { readonly expected: string; readonly issuer?: string };
  /** The deployment has no auth providers. */
  readonly AUTH_CONFIG_NOT_DEPLOYED: { readonly deployment?: string };
  /** auth.config.ts has providers, and none of them is Clerk's issuer. */
  readonly AUTH_CONFIG_WITHOUT_ISSUER: Mismatch;
  /** It could not be read: it does something that is not known before it runs. */
  /** `isBroken`: nor can Convex read it. An error. */
  readonly AUTH_CONFIG_UNREADABLE: { readonly reason: string; readonly isBroken?: true };
  readonly APPLICATION_ID_WRONG: Mismatch;

  // --- The issuer's environment variable ---
  readonly ISSUER_ENV_MISSING: Setting & { readonly expected?: string };
  readonly ISSUER_TRAILING_SLASH: IssuerSetting;
  readonly ISSUER_NOT_HTTPS: IssuerSetting;
  /** The right host, and a path behind it, as of the JWKS. */
  readonly ISSUER_WITH_PATH: IssuerSetting;
  readonly ISSUER_OF_ANOTHER_INSTANCE: Setting & Mismatch;
  readonly IDENTITY_PROVIDER_UNREACHABLE: { readonly domain?: string };
  /** For longer than an outage lasts, or it answers as no identity provider does. */
  readonly IDENTITY_PROVIDER_WRONG: { readonly domain?: string };

  // --- Keys ---
  readonly PUBLISHABLE_KEY_MISSING: MissingSetting;
  readonly PUBLISHABLE_KEY_MALFORMED: Setting & { readonly seen: string };
  /** It is set under a name that the bundler keeps from the browser. */
  readonly PUBLISHABLE_KEY_NOT_EXPOSED: { readonly seen: string; readonly expected: string };
  readonly TEST_KEY_IN_PRODUCTION: Setting & { readonly where: string };
  readonly SECRET_KEY_MISSING: MissingSetting;
  readonly SECRET_KEY_MALFORMED: Setting & { readonly seen: string };
  /** The publishable key is of `expected`, the secret key of `seen`. */
  readonly SECRET_KEY_OF_ANOTHER_INSTANCE: Setting & Mismatch;
  /** Clerk's Backend API refuses it. */
  readonly SECRET_KEY_REFUSED: Setting & { readonly seen: string };
  readonly SECRET_KEY_IN_PUBLIC_VARIABLE: Setting & { readonly seen: string };
  readonly CLERK_SECRET_KEY_MISSING_IN_CONVEX: { readonly file: string };
  /** `isTracked`: git has it already, and so has everybody who has the repository. An error. */
  readonly ENV_FILE_NOT_IGNORED: { readonly file: string; readonly isTracked?: true };
  readonly SECRET_IN_TRACKED_FILE: {
    readonly kind: 'secret_key' | 'webhook_secret' | 'deploy_key';
    readonly seen: string;
  };

  // --- Convex ---
  readonly CONVEX_URL_MISSING: MissingSetting;
  readonly CONVEX_URL_MALFORMED: Setting & { readonly seen: string };
  /** CONVEX_DEPLOYMENT names one, the URL another. */
  readonly CONVEX_URL_OF_ANOTHER_DEPLOYMENT: Setting & Mismatch;
  readonly CONVEX_UNREACHABLE: { readonly url: string; readonly reason: string };
  /** Functions use a table `users`, and the schema has none. */
  readonly USERS_TABLE_MISSING: { readonly file: string };
  /** A function ran as nobody though somebody was signed in. */
  readonly FUNCTION_RAN_WITHOUT_IDENTITY: { readonly seen: string; readonly times: number };

  // --- Webhooks ---
  readonly WEBHOOK_SECRET_MISSING: MissingSetting;
  readonly WEBHOOK_SECRET_MALFORMED: Setting & { readonly seen: string };
  /** There is a handler, and no route leads to it; `isInApp`: one of the framework's. Or the endpoint (`expected`) answers 404. */
  readonly WEBHOOK_ROUTE_MISSING: { readonly expected: string; readonly isInApp?: true; readonly status?: 404 };
  readonly WEBHOOK_METHOD_REFUSED: { readonly url: string };
  /** Middleware asks Clerk's server to sign in. `status`: 401, 403 or a redirect. */
  readonly WEBHOOK_ROUTE_PROTECTED: { readonly url: string; readonly status?: number };
  /** A log tells of deliveries that no signing secret fits. `accepted`: how many of the same log one did fit. */
  readonly WEBHOOK_SIGNATURE_REFUSED: { readonly times: number; readonly accepted: number };
  /** The endpoint answers a delivery without a signature as if it were good, with an error of its own, or with a way to `location`. */
  readonly WEBHOOK_ENDPOINT_FAILING: { readonly url: string; readonly status: number; readonly location?: string };
  readonly WEBHOOK_UNREACHABLE: { readonly url: string; readonly reason: string };

  // --- Middleware (Next.js, TanStack Start) ---
  /** `found`: it is there, under a name or in a place where the framework does not read it. `path`: that at `expected` does not run for it. */
  readonly MIDDLEWARE_MISSING: { readonly expected: string; readonly found?: string; readonly path?: string };
  readonly MIDDLEWARE_AND_PROXY: { readonly files: string };
  readonly MIDDLEWARE_WITHOUT_CLERK: { readonly file: string };

  // --- The way to Clerk ---
  readonly FRONTEND_API_NOT_RESOLVED: HostFault;
  readonly FRONTEND_API_UNREACHABLE: HostFault & { readonly reason: string };
  readonly FRONTEND_API_TLS_FAULT: HostFault & { readonly reason: string };
  /** Something between here and Clerk answers in its place. */
  readonly CAPTIVE_PORTAL: { readonly host: string; readonly seen: string };
  /**
   * `isProxy`: it is the app's own proxy (`proxyUrl`) that answers, and not as Clerk does. An error. `isFirewall`: it is a firewall
   * in front of it. `isUnknown`: Clerk
   * has no instance there. An error.
   */
  readonly FRONTEND_API_FAILING: {
    readonly host: string;
    readonly status?: number;
    readonly isProxy?: true;
    readonly isFirewall?: true;
    readonly isUnknown?: true;
  };
  /** Clerk refuses requests from this origin (`origin_invalid`). */
  readonly ORIGIN_NOT_ALLOWED: { readonly origin?: string };
  readonly CLERK_JS_BLOCKED: { readonly host: string; readonly reason: 'csp' | 'network' };
  readonly THIRD_PARTY_COOKIES_BLOCKED: { readonly host: string };
  readonly CLERK_INCIDENT: { readonly title: string };
  /** What passes by itself. `seen`: which failures, each with how often. */
  readonly TOKEN_REQUESTS_FAILED: { readonly seen: string };

  // --- Packages ---
  readonly CLERK_REACT_DEPRECATED: { readonly version: string };
  /** `isWithoutLibrary`: the app does not use this library, and nothing is wrong. Info. */
  readonly VERSION_UNSUPPORTED: { readonly name: string; readonly isWithoutLibrary?: true } & Mismatch;
  readonly REACT_DUPLICATED: { readonly versions: string };
  readonly CONVEX_DUPLICATED: { readonly versions: string };

  // --- What is left of another instance ---
  readonly STALE_CLERK_COOKIES: Mismatch;
  readonly STALE_BUILD_CACHE: { readonly folder: string; readonly file: string };

  // --- Source ---
  readonly PROVIDER_ORDER_WRONG: { readonly outer: string; readonly inner: string };
  /** Convex's provider takes Clerk's `useAuth`, and nothing of the app renders `ClerkProvider`. `name`: of Convex's. */
  readonly CLERK_PROVIDER_MISSING: Setting;
  readonly USE_AUTH_OF_ANOTHER_PACKAGE: Mismatch;
  /** Clerk is there, and Convex has a provider that asks nobody for a token. The names of components. */
  readonly CONVEX_PROVIDER_WITHOUT_AUTH: Mismatch;
}

/** Of each code as a rule. */
const severities: Readonly<Record<FindingCode, FindingSeverity>> = {
  JWT_TEMPLATE_MISSING: 'error',
  JWT_TEMPLATE_MISNAMED: 'error',
  JWT_TEMPLATE_WRONG_IN_CODE: 'error',
  TOKEN_AUDIENCE_WRONG: 'error',
  TOKEN_ISSUER_WRONG: 'error',
  TOKEN_LIFETIME_TOO_SHORT: 'error',
  TOKEN_SIGNATURE_MISMATCH: 'error',
  TOKEN_MALFORMED: 'error',
  TOKEN_EXPIRED: 'warning',
  CLOCK_SKEW: 'warning',
  AUTH_CONFIG_MISSING: 'error',
  AUTH_CONFIG_NOT_DEPLOYED: 'error',
  AUTH_CONFIG_WITHOUT_ISSUER: 'error',
  AUTH_CONFIG_UNREADABLE: 'warning',
  APPLICATION_ID_WRONG: 'error',
  ISSUER_ENV_MISSING: 'error',
  ISSUER_TRAILING_SLASH: 'warning', // Convex compares without it (convex-backend crates/authentication); what else reads the variable may not
  ISSUER_NOT_HTTPS: 'error',
  ISSUER_WITH_PATH: 'error',
  ISSUER_OF_ANOTHER_INSTANCE: 'error',
  IDENTITY_PROVIDER_UNREACHABLE: 'warning',
  IDENTITY_PROVIDER_WRONG: 'error',
  PUBLISHABLE_KEY_MISSING: 'error',
  PUBLISHABLE_KEY_MALFORMED: 'error',
  PUBLISHABLE_KEY_NOT_EXPOSED: 'error',
  TEST_KEY_IN_PRODUCTION: 'warning',
  SECRET_KEY_MISSING: 'error',
  SECRET_KEY_MALFORMED: 'error',
  SECRET_KEY_OF_ANOTHER_INSTANCE: 'error',
  SECRET_KEY_REFUSED: 'error',
  SECRET_KEY_IN_PUBLIC_VARIABLE: 'error',
  CLERK_SECRET_KEY_MISSING_IN_CONVEX: 'error',
  ENV_FILE_NOT_IGNORED: 'warning',
  SECRET_IN_TRACKED_FILE: 'error',
  CONVEX_URL_MISSING: 'error',
  CONVEX_URL_MALFORMED: 'error',
  CONVEX_URL_OF_ANOTHER_DEPLOYMENT: 'warning',
  CONVEX_UNREACHABLE: 'error',
  USERS_TABLE_MISSING: 'error',
  FUNCTION_RAN_WITHOUT_IDENTITY: 'error',
  WEBHOOK_SECRET_MISSING: 'error',
  WEBHOOK_SECRET_MALFORMED: 'error',
  WEBHOOK_ROUTE_MISSING: 'error',
  WEBHOOK_METHOD_REFUSED: 'error',
  WEBHOOK_ROUTE_PROTECTED: 'error',
  WEBHOOK_SIGNATURE_REFUSED: 'error',
  WEBHOOK_ENDPOINT_FAILING: 'error',
  WEBHOOK_UNREACHABLE: 'error',
  MIDDLEWARE_MISSING: 'error',
  MIDDLEWARE_AND_PROXY: 'error',
  MIDDLEWARE_WITHOUT_CLERK: 'error',
  FRONTEND_API_NOT_RESOLVED: 'error',
  FRONTEND_API_UNREACHABLE: 'error',
  FRONTEND_API_TLS_FAULT: 'error',
  CAPTIVE_PORTAL: 'error',
  FRONTEND_API_FAILING: 'warning',
  ORIGIN_NOT_ALLOWED: 'error',
  CLERK_JS_BLOCKED: 'error',
  THIRD_PARTY_COOKIES_BLOCKED: 'warning',
  CLERK_INCIDENT: 'warning',
  TOKEN_REQUESTS_FAILED: 'info',
  CLERK_REACT_DEPRECATED: 'warning',
  VERSION_UNSUPPORTED: 'warning',
  REACT_DUPLICATED: 'error',
  CONVEX_DUPLICATED: 'error',
  STALE_CLERK_COOKIES: 'warning',
  STALE_BUILD_CACHE: 'warning',
  PROVIDER_ORDER_WRONG: 'error',
  CLERK_PROVIDER_MISSING: 'error',
  USE_AUTH_OF_ANOTHER_PACKAGE: 'error',
  CONVEX_PROVIDER_WITHOUT_AUTH: 'error',
};

/** Every code, in the order of the catalogue. */
export const findingCodes = Object.keys(severities) as readonly FindingCode[];

/** The page of a code: in this package, where every registry's mirror serves it. */
export const docsUrlOf = (code: FindingCode): string =>
  `https://unpkg.com/clerk-convex-resilience/dist/findings/${code}.md`;

/** Makes a finding. `at`: the file and line that it is in. @defaultValue of `severity`: the code's own */
export function finding<Code extends FindingCode>(
  code: Code,
  args: FindingArgs[Code],
  at?: string,
  severity: FindingSeverity = severities[code],
): Extract<Finding, { code: Code }> {
  return {
    code,
    severity,
    args,
    docsUrl: docsUrlOf(code),
    ...(at !== undefined && { at }),
  } as unknown as Extract<Finding, { code: Code }>;
}
