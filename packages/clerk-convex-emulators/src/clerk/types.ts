import type { Faults } from '../faults/fault.ts';
import type { RequestLogEntry } from '../requestLog.ts';

export interface EmulatedUser {
  /** @defaultValue a fresh `user_...` id */
  id?: string;
  emailAddress: string;
  /** @defaultValue no password: sign in with a ticket */
  password?: string;
  firstName?: string;
  lastName?: string;
  imageUrl?: string;
  banned?: boolean;
  /** What servers may say of the user and pages may read: `{{user.public_metadata.role}}`. @defaultValue {} */
  publicMetadata?: Readonly<Record<string, unknown>>;
  /** Slugs of the organisations it belongs to, with its role. */
  organizations?: ReadonlyArray<{ slug: string; role?: 'org:admin' | 'org:member' }>;
}

export interface EmulatedOrganization {
  id?: string;
  slug: string;
  name: string;
}

/** A JWT template: claims that are added to the session's, with `{{user.primary_email_address}}` style shortcodes. */
export interface EmulatedJwtTemplate {
  /** Token life in seconds. @defaultValue `tokenLifeSeconds` */
  lifetimeSeconds?: number;
  claims: Readonly<Record<string, unknown>>;
}

export interface ClerkEmulatorOptions {
  /** @defaultValue `127.0.0.1` */
  host?: string;
  /** @defaultValue a free port */
  port?: number;
  /** @defaultValue one user, `ada@example.com` with password `correct-horse-battery` */
  users?: readonly EmulatedUser[];
  organizations?: readonly EmulatedOrganization[];
  /** Life of session tokens, in seconds. Clerk's is 60. @defaultValue 60 */
  tokenLifeSeconds?: number;
  /** How far the server's clock is ahead of this machine's, in seconds. @defaultValue 0 */
  clockSkewSeconds?: number;
  /**
   * JWT templates by name. Absent means Clerk answers 404 `resource_not_found`.
   * @defaultValue `{ convex: { claims: { aud: 'convex', ... } } }`; none with `convexIntegration`
   */
  jwtTemplates?: Readonly<Record<string, EmulatedJwtTemplate>>;
  /** Clerk's Convex integration: puts `aud: "convex"` on the session token itself. @defaultValue false */
  convexIntegration?: boolean;
  /** Several sessions in one browser (Clerk's multi-session mode). @defaultValue false */
  multiSession?: boolean;
  /**
   * Every session belongs to an organisation: until one is chosen it is pending, with the task `choose-organization`.
   * @defaultValue false
   */
  forceOrganizationSelection?: boolean;
  /** Whether `Retry-After` and `Date` can be read by a cross-origin page. @defaultValue true */
  exposeHeaders?: boolean;
  /** `iss` of the tokens. @defaultValue the emulator's own URL */
  issuer?: string;
  /** Titles of the open incidents on the status page that it serves too (`/api/v2/summary.json`). @defaultValue [] */
  incidents?: readonly string[];
  /** `unknown_version` puts unknown fields in every answer under `/v1/`, as a later version of the API would. @defaultValue 'current' */
  responseShape?: 'current' | 'unknown_version';
  /** Secret key that the Backend API accepts. @defaultValue `sk_test_emulator` */
  secretKey?: string;
  /** Webhook endpoint that gets signed deliveries; `webhooks.connect(url)` names one later. @defaultValue none */
  webhooks?: {
    url?: string;
    /** `whsec_` + base64. @defaultValue a fresh one */
    secret?: string;
    /** Waits before each further attempt, in milliseconds. @defaultValue `[100, 500, 2000]` */
    retryDelaysMs?: readonly number[];
  };
  /**
   * Folders of the packages that `/npm/@clerk/...` serves: `clerk-js@5`, `clerk-js@6`, `ui`.
   * @defaultValue found in `node_modules` from the working directory upwards: `@clerk/clerk-js`, `clerk-js-v5`, `clerk-js-v6`, `@clerk/ui`
   */
  npmPackages?: Readonly<Record<string, string>>;
}

/** What may be changed while an emulator runs. */
export type ClerkRuntimeOptions = Partial<
  Pick<
    ClerkEmulatorOptions,
    | 'tokenLifeSeconds'
    | 'clockSkewSeconds'
    | 'jwtTemplates'
    | 'convexIntegration'
    | 'exposeHeaders'
    | 'incidents'
    | 'responseShape'
    | 'issuer'
  >
>;

/** A signed-in browser that was seeded: put the cookies in its jar before the page loads. */
export interface SeededBrowser {
  readonly userId: string;
  readonly sessionId: string;
  readonly clientId: string;
  /** `__client` for the emulator's host (both names of the loopback interface) and, so that the page may know at once, `__client_uat` for the app's. */
  readonly cookies: ReadonlyArray<{ name: string; value: string; domain: string; path: string; httpOnly: boolean }>;
}

export interface ClerkEmulator {
  /** `http://127.0.0.1:PORT`: give it to clerk-js as `proxyUrl`. Also serves clerk-js itself, as Clerk does, under `/npm/@clerk/...`. */
  readonly url: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** `iss` of its tokens, for `convex/auth.config.ts`. */
  readonly issuer: string;
  readonly jwks: { keys: ReadonlyArray<Readonly<Record<string, unknown>>> };
  readonly log: readonly RequestLogEntry[];
  readonly faults: Faults;
  /**
   * Seeds a browser that is signed in as this user (id or e-mail address). `appHost`: the host of the app's pages, when it is
   * not the emulator's. `clientId`: of a browser that was seeded before, which gets one session more (`multiSession`).
   * Throws `EmulatorError` `unknown_user`, `unknown_client`.
   * @defaultValue the first user
   */
  signInBrowser(user?: string, options?: { appHost?: string; clientId?: string }): SeededBrowser;
  /** Revokes a session, as from Clerk's dashboard. */
  revokeSession(sessionId: string): void;
  /** Lets a session expire, as Clerk does after the maximum lifetime or inactivity that its dashboard sets. */
  expireSession(sessionId: string): void;
  banUser(user: string): void;
  deleteUser(user: string): void;
  /** Is that session active? */
  isSessionActive(sessionId: string): boolean;
  /** A signed token, as the Frontend API would mint it. */
  mintToken(sessionId: string, template?: string): Promise<string>;
  /** A ticket that signs a user in once (`strategy: 'ticket'`), as the Backend API's sign-in tokens do. @defaultValue the first user */
  createSignInTicket(user?: string): string;
  /** Changes what may change while it runs. */
  configure(options: ClerkRuntimeOptions): void;
  readonly webhooks: ClerkWebhooks;
  /** Props of `ClerkProvider` that point clerk-js of this major at the emulator, its scripts included. */
  providerProps(major: 5): ClerkProviderProps5;
  providerProps(major: 6): ClerkProviderProps6;
  /** Back to how it started: users, sessions, options, faults and what they hold open, log, webhooks. The signing key stays. */
  reset(): void;
  close(): Promise<void>;
}

interface ClerkProviderProps {
  publishableKey: string;
  proxyUrl: string;
}

/** For `@clerk/clerk-react` 5. */
export interface ClerkProviderProps5 extends ClerkProviderProps {
  clerkJSUrl: string;
}

/** For `@clerk/react` 6. */
export interface ClerkProviderProps6 extends ClerkProviderProps {
  __internal_clerkJSUrl: string;
  __internal_clerkUIUrl: string;
}

/** A webhook event: `{ type: 'user.created', data }`. */
export interface ClerkWebhookEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WebhookDelivery {
  /** Its `svix-id`: the same for each attempt and each redelivery. */
  readonly id: string;
  readonly event: ClerkWebhookEvent;
  /** `no_endpoint`: there was no URL to send it to. `failed`: every attempt was answered with another status than 2xx, or not. */
  readonly status: 'no_endpoint' | 'held' | 'sending' | 'delivered' | 'failed';
  /** `status` is absent when there was no answer. */
  readonly attempts: ReadonlyArray<{ readonly at: number; readonly status?: number }>;
}

/** Signed webhook deliveries: of themselves when users and sessions change, and on demand the ones that go wrong. */
export interface ClerkWebhooks {
  /** `whsec_...`: what the app calls `CLERK_WEBHOOK_SIGNING_SECRET`. */
  readonly secret: string;
  /** All since the start or the last `reset()`, oldest first. */
  readonly deliveries: readonly WebhookDelivery[];
  /** Names the endpoint that gets what happens from now on. */
  connect(url: string): void;
  /** Keeps back what happens from now on. */
  hold(): void;
  /** Sends what was kept back, one after the other, and keeps nothing back any more. Throws `EmulatorError` `invalid_option` for another order. @defaultValue order `sent` */
  release(options?: { order?: 'sent' | 'reversed' }): Promise<void>;
  /** Sends a delivery again under its own id: a duplicate. */
  redeliver(id: string): Promise<WebhookDelivery>;
  /** Sends an event that did not happen; may be stale, forged, or under an id of your own. */
  send(event: ClerkWebhookEvent, options?: WebhookSendOptions): Promise<WebhookDelivery>;
  /** Waits until nothing is being sent. */
  settled(): Promise<void>;
}

export interface WebhookSendOptions {
  /** @defaultValue a fresh `msg_...` id */
  id?: string;
  /** How old its timestamp says it is. Verifiers refuse more than 300. @defaultValue 0 */
  ageSeconds?: number;
  /** `forged` signs with another secret. @defaultValue 'valid' */
  signature?: 'valid' | 'forged';
}
