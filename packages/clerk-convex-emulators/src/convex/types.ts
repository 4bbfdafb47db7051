import type { Faults } from '../faults/fault.ts';
import type { RequestLogEntry } from '../requestLog.ts';

export interface ConvexEmulatorOptions {
  /** The app's `convex/` folder. */
  dir: string;
  /** Environment variables of the deployment: all that `auth.config.ts` and the functions see as `process.env`. @defaultValue {} */
  env?: Readonly<Record<string, string>>;
  /** @defaultValue `127.0.0.1` */
  host?: string;
  /** @defaultValue a free port */
  port?: number;
  /** Port of `siteUrl`. @defaultValue a free port */
  sitePort?: number;
  /** As a production deployment: error texts without their details. @defaultValue false */
  redactErrors?: boolean;
  /** A file that keeps the documents, and the answers to the newest 10,000 mutations, across restarts. @defaultValue none: in memory */
  stateFile?: string;
  /** Gets what functions print. @defaultValue nothing */
  onLog?: (line: string) => void;
  /** Transitions larger than this many bytes are sent in TransitionChunks, to clients that know them (1.28 on). @defaultValue 5_000_000, like the backend */
  transitionChunkBytes?: number;
  /** How long a socket may be silent before it gets a Ping, in milliseconds. @defaultValue 15_000, like the backend */
  heartbeatMs?: number;
}

/** One run of a function that a client, an HTTP request or the scheduler asked for. */
export interface FunctionRun {
  readonly at: number;
  readonly kind: 'query' | 'mutation' | 'action' | 'http_action';
  /** `messages:list`; the URL's path for an HTTP action. */
  readonly path: string;
  /** `sub` of the identity it ran under; null: anonymously. */
  readonly identity: string | null;
  /** Id of the sync session it ran for; absent over HTTP and for scheduled functions. */
  readonly session?: string;
  readonly ok: boolean;
}

/** What a socket was told about its identity. Never holds a token. */
export interface AuthenticationEvent {
  readonly at: number;
  readonly session: string;
  readonly kind: 'accepted' | 'cleared' | 'refused' | 'auth_error';
  readonly identity?: string;
  /** `jti` and `iat` (in seconds) of a token that was accepted: they tell a fresh one from the same one again. */
  readonly jti?: string;
  readonly iat?: number;
  readonly message?: string;
}

export interface ConvexEmulator {
  /** `http://127.0.0.1:PORT`: the deployment's URL; HTTP actions of `convex/http.ts` are served on `siteUrl`. */
  readonly url: string;
  readonly siteUrl: string;
  /** The newest 10,000 requests and messages. */
  readonly log: readonly RequestLogEntry[];
  readonly faults: Faults;
  /** The newest 10,000. */
  readonly runs: readonly FunctionRun[];
  /** The newest 10,000. */
  readonly authentications: readonly AuthenticationEvent[];
  /** How many sockets are open now. */
  readonly openSockets: number;
  /**
   * Pushes the folder again (after an edit, or with another environment), as `convex dev` does: documents stay, every live
   * query runs again. A folder that does not load leaves the functions as they were, and rejects with an `EmulatorError`.
   */
  push(options?: { env?: Readonly<Record<string, string>> }): Promise<void>;
  /** Documents, faults, log and environment: back to how it started; the folder stays as it was last pushed. Sockets are dropped; clients come back by themselves. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
