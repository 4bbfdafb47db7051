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
   * @defaultValue `{ convex: { claims: { aud: 'convex', ... } } }`
   */
  jwtTemplates?: Readonly<Record<string, EmulatedJwtTemplate>>;
  /** Clerk's Convex integration: puts `aud: "convex"` on the session token itself. @defaultValue false */
  convexIntegration?: boolean;
  /** Several sessions in one browser (Clerk's multi-session mode). @defaultValue false */
  multiSession?: boolean;
  /** Whether `Retry-After` and `Date` can be read by a cross-origin page. @defaultValue true */
  exposeHeaders?: boolean;
  /** `iss` of the tokens. @defaultValue the emulator's own URL */
  issuer?: string;
  /** `true` sends more than the status page: unknown fields, as a later version would. @defaultValue 'current' */
  responseShape?: 'current' | 'unknown_version';
  /** Secret key that the Backend API accepts. @defaultValue `sk_test_emulator` */
  secretKey?: string;
  /** Webhook endpoint that gets signed deliveries. @defaultValue none */
  webhooks?: { url: string; secret?: string };
}

/** A signed-in browser that was seeded: put the cookies in its jar before the page loads. */
export interface SeededBrowser {
  readonly userId: string;
  readonly sessionId: string;
  readonly clientId: string;
  /** `__client` (on the emulator's host) and, so that the page may know at once, `__client_uat` on the app's. */
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
  /** Seeds a browser that is signed in as this user (id or e-mail address). @defaultValue the first user */
  signInBrowser(user?: string, options?: { appHost?: string }): SeededBrowser;
  /** Revokes a session, as from Clerk's dashboard. */
  revokeSession(sessionId: string): void;
  banUser(user: string): void;
  deleteUser(user: string): void;
  /** Is that session active? */
  isSessionActive(sessionId: string): boolean;
  /** A signed token, as the Frontend API would mint it. */
  mintToken(sessionId: string, template?: string): Promise<string>;
  /** Changes what may change while it runs. */
  configure(options: Partial<Pick<ClerkEmulatorOptions, 'tokenLifeSeconds' | 'clockSkewSeconds' | 'jwtTemplates' | 'convexIntegration' | 'exposeHeaders' | 'responseShape'>>): void;
  /** Back to how it started: users, sessions, faults, log. */
  reset(): void;
  close(): Promise<void>;
}
