import type { Claims } from '../core/jwt.ts';

/**
 * What is known, from wherever it was gathered: the browser, a server, a project's files, its network. Plain data; each part
 * is absent where nobody has looked, and a check says nothing of what is absent. It may hold secrets (`env`): findings
 * may not.
 */
export interface Evidence {
  /** When it was gathered, in milliseconds since the epoch. */
  readonly now?: number;
  readonly runtime?: RuntimeEvidence;
  readonly token?: TokenEvidence;
  readonly project?: ProjectEvidence;
  readonly network?: NetworkEvidence;
  readonly log?: LogEvidence;
}

/** What a page knows when its sign-in does not work. */
export interface RuntimeEvidence {
  /** The page's origin: `https://app.example.com`. */
  readonly origin?: string;
  /** It is a production build: what is right in development is wrong there. */
  readonly isProduction?: boolean;
  readonly publishableKey?: string;
  readonly convexUrl?: string;
  /** The last token request that Clerk refused. `template`: it asked for the template `convex`. */
  readonly tokenRequest?: { readonly status?: number; readonly code?: string; readonly template: boolean };
  /** Claims of the token that Convex refused. */
  readonly claims?: Claims;
  /** `kid` and the like: the header of that token. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** What the deployment said of it, as it came: the text of the AuthError. In production it may be redacted. */
  readonly refusal?: string;
  /** The deployment answers, and nothing about that token: it waits for the identity provider. */
  readonly isUnanswered?: true;
  /** For how long it has been refused, in milliseconds. */
  readonly refusedForMs?: number;
  /** This device's clock is ahead of the server's by so much, in milliseconds. */
  readonly clockAheadMs?: number;
  /** Keys that the issuer publishes, where it could be asked. */
  readonly publishedKids?: readonly string[];
  /** Clerk's script could not be loaded. `host`: where from; `csp`: the page's own policy blocked it. */
  readonly scriptBlocked?: { readonly host: string; readonly csp: boolean };
  /** Host of the Frontend API whose cookies this browser has: the `iss` of `__session`. */
  readonly cookieIssuer?: string;
  /** Versions of what this library has loaded: `clerk-js`, `convex`, `react`. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** One token, against what Convex will expect of it. */
export interface TokenEvidence {
  /** Null: it is no JWT. */
  readonly claims: Claims | null;
  readonly header?: Readonly<Record<string, unknown>> | null;
  /** Keys that its issuer publishes, where it was asked. */
  readonly publishedKids?: readonly string[];
}

/** A file and a line of it, from the project's root: `apps/web/.env.local:3`. */
export type Place = string;

export type Framework = 'vite' | 'next' | 'expo' | 'tanstack-start' | 'plain';

/** What the files of an app say. Paths are from the project's root, with `/`. */
export interface ProjectEvidence {
  readonly framework: Framework;
  /** Folder of the app: `.` or `apps/web`. */
  readonly app: string;
  /** Folder of the Convex functions: `convex` or `packages/backend/convex`. Absent: there is none. */
  readonly convexFolder?: string;
  /** Of each package that matters (react, react-dom, convex, @clerk/*, next, ...): what was asked for, and what is installed. */
  readonly packages: Readonly<Record<string, PackageEvidence>>;
  /** Variables of the app's env files and the doctor's own environment; of several by one name, the one that counts. */
  readonly env: readonly EnvVariable[];
  readonly envFiles: readonly EnvFile[];
  /** The env file that the app reads, and that a missing name belongs in; it may not be there yet. */
  readonly envTarget?: string;
  /** Variables of the Convex deployment (`npx convex env list`); absent where it could not be asked. */
  readonly deploymentEnv?: Readonly<Record<string, string>>;
  /** Absent: there is no Convex folder. */
  readonly authConfig?: AuthConfigEvidence;
  readonly source: SourceEvidence;
  readonly webhook: WebhookEvidence;
  /** Of Next.js and TanStack Start; absent elsewhere. */
  readonly middleware?: MiddlewareEvidence;
  /** Keys and secrets that stand in files which git tracks. `shown`: redacted. */
  readonly secretsInFiles: readonly {
    readonly at: Place;
    readonly kind: 'secret_key' | 'webhook_secret' | 'deploy_key';
    readonly shown: string;
  }[];
  /** A build made before the keys were changed: `.next`. */
  readonly staleBuild?: { readonly folder: string; readonly file: string };
  /** Clerk's keyless mode has made keys of its own here (`.clerk/.tmp/keyless.json`). */
  readonly isKeyless?: boolean;
  /** The build or the environment is production's (`--env-file .env.production`, `NODE_ENV`). */
  readonly isProduction: boolean;
  /** The variables are those of one file that was asked for: of where the app runs, it may tell a part. */
  readonly isOneEnvFile?: true;
}

export interface PackageEvidence {
  /** The range in package.json. */
  readonly wanted?: string;
  /** Versions in node_modules or the lockfile, oldest first. */
  readonly installed: readonly string[];
}

export interface EnvVariable {
  readonly name: string;
  readonly value: string;
  /** Absent: of the process. */
  readonly at?: Place;
}

export interface EnvFile {
  readonly file: string;
  /** It holds what must not be published. */
  readonly hasSecrets: boolean;
  /** Nothing reads it: what it sets is not set. */
  readonly isUtf16?: true;
  /** Absent: this is no git repository. */
  readonly git?: 'ignored' | 'tracked' | 'untracked';
  /** Of a file for production: the publishable key of a development instance that it names. */
  readonly testKey?: { readonly name: string; readonly at: Place };
}

/** `convex/auth.config.ts`, as far as it can be known without running it. */
export type AuthConfigEvidence =
  | { readonly status: 'missing'; readonly expected: string }
  /** `isBroken`: Convex cannot read it either: a syntax error, no default export, no `providers`. */
  | { readonly status: 'unreadable'; readonly file: string; readonly reason: string; readonly isBroken?: true }
  | { readonly status: 'read'; readonly file: string; readonly providers: readonly AuthProviderEvidence[] };

export interface AuthProviderEvidence {
  /** `oidc`: `{ domain, applicationID }`; `customJwt`: `{ type: 'customJwt', issuer, applicationID? }`. */
  readonly kind: 'oidc' | 'customJwt';
  /** `domain`, or `issuer`. Absent: its variable is not set. */
  readonly domain?: string;
  /** The variables that `domain` is read from, in the order of their trial; empty: it is written out. */
  readonly domainEnv: readonly string[];
  readonly applicationID?: string;
  readonly at: Place;
}

export interface SourceEvidence {
  /** Every `useAuth` that is given to a Convex provider: from which package, below which `ClerkProvider`. */
  readonly providers: readonly ProviderUse[];
  /** Where Convex's `ConvexProvider`, which asks nobody for a token, is rendered beside Clerk, and nothing else hands Convex one. Absent: nowhere. */
  readonly withoutAuth?: Place;
  /** JWT templates that the app's own code asks Clerk for, by name. Absent: none. */
  readonly templates?: readonly { readonly name: string; readonly at: Place }[];
  /** Functions that read `process.env.CLERK_SECRET_KEY`. */
  readonly readsClerkSecretKey: readonly Place[];
  /** Functions that use a table `users`. */
  readonly usesUsersTable: readonly Place[];
  /** Names of the schema's tables; absent: there is no schema, or it cannot be read. */
  readonly tables?: readonly string[];
  /** Environment variables that the browser's code reads, by the name in the source. */
  readonly readsEnv: readonly string[];
  /** Variables that reach the browser whatever they are called: a bundler's config or a server hands them on. Absent: none. */
  readonly handedOn?: readonly string[];
  /** Something calls what needs Clerk's middleware: `auth()`, `currentUser()`. Absent: nobody has looked. */
  readonly usesServerAuth?: boolean;
  /** The publishable key, where it stands in the code as a text. Its name is that of the option. */
  readonly writtenKey?: EnvVariable;
  /** `proxyUrl` as it is given to Clerk in code: a URL, or a path of the app's. */
  readonly proxyUrl?: string;
}

/** A Convex provider that takes Clerk's `useAuth`, as it is written. */
export interface ProviderUse {
  /** `ConvexProviderWithClerk`, `ConvexClerkProvider`. */
  readonly name: string;
  readonly at: Place;
  /** Package of the `useAuth` that it is given. */
  readonly useAuthFrom?: string;
  /** Package of the `ClerkProvider` in the same file, or the app. */
  readonly clerkProviderFrom?: string;
  /** In one file, `ClerkProvider` is inside of it. */
  readonly isOutsideClerk: boolean;
  /** Nothing of the app renders `ClerkProvider`, as far as all that is around can be known. */
  readonly isWithoutClerk?: true;
}

export interface WebhookEvidence {
  /** Files that handle Clerk's webhooks: `convex/http.ts`, `app/api/webhooks/clerk/route.ts`. */
  readonly handlers: readonly {
    readonly at: Place;
    readonly runsIn: 'convex' | 'app';
    readonly secretNames: readonly string[];
  }[];
  /** A handler is made, and no route leads to it: where one is expected. */
  readonly routeMissing?: string;
  /** Middleware that protects the route: which file. */
  readonly protectedBy?: Place;
  /** The route answers other methods than POST: where. */
  readonly refusesPost?: Place;
  /** Path of the route, where it can be read. */
  readonly path?: string;
}

export interface MiddlewareEvidence {
  /** `proxy.ts`, `middleware.ts`, also in `src/`; `src/start.ts` in TanStack Start. */
  readonly files: readonly string[];
  /** Where one is expected. */
  readonly expected: string;
  readonly usesClerk: boolean;
  /** A file with Clerk's middleware that the framework does not read, by its name or its place; where it reads none. */
  readonly passedOver?: string;
  /** A page or route that calls `auth()`, and that `config.matcher` leaves out. */
  readonly leftOut?: { readonly path: string; readonly at: Place };
}

/** What the network says; each part is one question that was asked. */
export interface NetworkEvidence {
  readonly frontendApi?: HostAnswer;
  /** Issuers' `/.well-known/openid-configuration`, by issuer. */
  readonly identityProvider?: HostAnswer & { readonly issuer?: string };
  readonly convex?: HostAnswer & { readonly url: string };
  readonly webhook?: HostAnswer & { readonly url: string };
  /** Clerk's Backend API, asked with the secret key. */
  readonly backendApi?: {
    readonly status?: number;
    /** Names of the JWT templates; absent: they could not be read. */
    readonly templates?: readonly TemplateEvidence[];
    /** The Convex integration is on: session tokens carry `aud: "convex"`. */
    readonly integration?: boolean;
    /** Does the instance of the secret key publish the keys of the publishable key's? */
    readonly sameInstance?: boolean;
  };
  /** Titles of incidents that Clerk's status page reports as open. */
  readonly incidents?: readonly string[];
  /** From the `Date` of an answer, in milliseconds. */
  readonly clockAheadMs?: number;
}

export interface TemplateEvidence {
  readonly name: string;
  /** In seconds. */
  readonly lifetime?: number;
  readonly aud?: unknown;
}

/** What came of a request: an answer, or which fault. */
export interface HostAnswer {
  readonly host: string;
  /** Of the answer; absent: there was none. */
  readonly status?: number;
  /** Its content type. */
  readonly contentType?: string;
  /** It is shaped as this host's answers are. */
  readonly isGenuine?: boolean;
  /** A firewall in front of it has refused or challenged the question: it says nothing of what is behind. */
  readonly isFirewall?: true;
  /** Where it redirects to. */
  readonly location?: string;
  /** `code` of its JSON body: this library's webhook handler answers `{ "code": "not_configured" }`, Clerk `{ "errors": [{ "code": "host_invalid" }] }`. */
  readonly code?: string;
  readonly fault?: 'dns' | 'tls' | 'refused' | 'timeout' | 'reset' | 'other';
  /** What the fault said: `ENOTFOUND`, `CERT_HAS_EXPIRED`. */
  readonly reason?: string;
}

/** What a log file tells: of this library, of the browser's console, of a server. */
export interface LogEvidence {
  /** Names of network failures (`ERR_NETWORK_CHANGED`, `500`) on Clerk's token requests, each with how often. */
  readonly tokenFailures: Readonly<Record<string, number>>;
  /** Token requests that were answered 404. */
  readonly templateNotFound: number;
  /** Lines that say that a function ran as nobody: `users:store called { hasIdentity: false }`, `Not authenticated`. */
  readonly withoutIdentity: readonly string[];
  /** Texts of Convex's AuthErrors. */
  readonly refusals: readonly string[];
  /** Codes of this library's own lines: `WEBHOOK_SECRET_MISSING`. */
  readonly codes: readonly string[];
  /** Webhook deliveries, as this library's handler tells of them: by whether a signing secret fitted. Absent: nobody has looked. */
  readonly deliveries?: { readonly refused: number; readonly accepted: number };
}
