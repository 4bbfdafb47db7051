import type { Faults } from '../faults/fault.ts';
import type { RequestLogEntry } from '../requestLog.ts';

export interface ConvexEmulatorOptions {
  /** The app's `convex/` folder. */
  dir: string;
  /** Environment variables of the deployment: what `auth.config.ts` and the functions see as `process.env`. @defaultValue {} */
  env?: Readonly<Record<string, string>>;
  /** @defaultValue `127.0.0.1` */
  host?: string;
  /** @defaultValue a free port */
  port?: number;
  /** As a production deployment: error texts without their details. @defaultValue false */
  redactErrors?: boolean;
  /** A file that keeps the documents across restarts. @defaultValue none: in memory */
  stateFile?: string;
  /** Gets what functions print. @defaultValue nothing */
  onLog?: (line: string) => void;
  /** Results larger than this many bytes are sent in TransitionChunks. @defaultValue 5 MiB, like the backend */
  transitionChunkBytes?: number;
}

/** One run of a function. */
export interface FunctionRun {
  readonly at: number;
  readonly kind: 'query' | 'mutation' | 'action' | 'http_action';
  /** `messages:list` */
  readonly path: string;
  /** `sub` of the identity it ran under; null: anonymously. */
  readonly identity: string | null;
  /** Id of the sync session it ran for; absent over HTTP. */
  readonly session?: string;
  readonly ok: boolean;
}

/** What a socket was told about its identity. Never holds a token. */
export interface AuthenticationEvent {
  readonly at: number;
  readonly session: string;
  readonly kind: 'accepted' | 'cleared' | 'refused' | 'auth_error';
  readonly identity?: string;
  readonly message?: string;
}

export interface ConvexEmulator {
  /** `http://127.0.0.1:PORT`: the deployment's URL; HTTP actions of `convex/http.ts` are served on `siteUrl`. */
  readonly url: string;
  readonly siteUrl: string;
  readonly log: readonly RequestLogEntry[];
  readonly faults: Faults;
  readonly runs: readonly FunctionRun[];
  readonly authentications: readonly AuthenticationEvent[];
  /** How many sockets are open now. */
  readonly openSockets: number;
  /** Pushes the folder again (after an edit, or with another environment), as `convex dev` does. */
  push(options?: { env?: Readonly<Record<string, string>> }): Promise<void>;
  /** Documents, faults, log: back to how it started. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
