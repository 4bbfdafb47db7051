/**
 * The fault language: one shape for both emulators and for the wire between them and their clients.
 * Plain data, so that a fault can cross HTTP (the control endpoint), a file or a command line.
 */

/** What happens to a request (or a socket) that a fault matches. */
export type FaultAction =
  /** Answers with this status. The body is `json`, `html` or `text`; without one, the shape the real server sends for that status. */
  | {
      type: 'status';
      status: number;
      headers?: Readonly<Record<string, string>>;
      json?: unknown;
      html?: string;
      text?: string;
      /** `false` leaves the CORS headers out, as an edge does that answers before the application. @defaultValue `true` */
      cors?: boolean;
    }
  /** Resets the connection (TCP RST): `net::ERR_CONNECTION_RESET`. */
  | { type: 'reset' }
  /** Closes the connection without an answer (TCP FIN): `net::ERR_EMPTY_RESPONSE`. */
  | { type: 'close' }
  /** Never answers; the connection stays open until the client or `reset()` ends it. */
  | { type: 'hang' }
  /** Does what was asked, sends the status, the first half of the body, then resets: a failed body read. */
  | { type: 'truncate' }
  /** Sends a 200 whose body is not JSON. */
  | { type: 'garbage' }
  /** Answers properly, `delayMs` late. */
  | { type: 'delay'; delayMs: number }
  /** Answers properly: headers at once, the body spread over `durationMs`. */
  | { type: 'slow_body'; durationMs: number }
  /** Clerk only: a token answer with `jwt: ""`. */
  | { type: 'empty_token' }
  /** Clerk only: the token of the previous answer for that session and template, again. */
  | { type: 'identical_token' }
  /** Clerk only: a JSON answer of a shape that no known version sends. */
  | { type: 'unknown_shape' }
  /** Convex and the wire: refuses the WebSocket upgrade. */
  | { type: 'refuse_upgrade' }
  /** Convex and the wire, at once (`match`, `times` and chance do not apply): drops the sockets that are open. */
  | { type: 'drop_sockets' }
  /** Convex only, at once: sends AuthError on the sockets that are open. @defaultValue message `Convex token identity expired` */
  | { type: 'auth_error'; message?: string }
  /** Convex only: answers Authenticate with AuthError. */
  | { type: 'reject_authenticate'; message?: string };

export type FaultActionType = FaultAction['type'];

/** A fault: which requests, how often, for how long, and what happens to them. */
export interface Fault {
  /**
   * Which requests. Tested against `METHOD /path` (Clerk's `_method` override counts as the method; no query string), and
   * for a Convex socket against `CONNECT /api/<version>/sync`, then `MESSAGE <type>` (`MESSAGE Authenticate`).
   * A string matches anywhere; `*` in it stands for any characters but a space. A RegExp may be used in process.
   * @defaultValue every request
   */
  match?: string | RegExp;
  /** How many requests it hits. @defaultValue unlimited */
  times?: number;
  /** How long it lasts, in milliseconds from when it was added. @defaultValue until removed */
  forMs?: number;
  /** Chance that a matching request is hit, 0 to 1. @defaultValue 1 */
  probability?: number;
  /** Seed of the chance: the same seed hits the same requests of a run. @defaultValue 1 */
  seed?: number;
  /** Acts this many milliseconds after the request came: a 500 after 2 s. @defaultValue 0 */
  afterMs?: number;
  /** What happens. An action without parameters may be written as its name: `'hang'`. */
  action: FaultAction | FaultActionType;
}

/** What a request that a fault matched is to suffer, and when. */
export type DueFault = FaultAction & { readonly afterMs?: number };

/** A fault that has been added. */
export interface ActiveFault {
  readonly id: number;
  readonly fault: Readonly<Fault>;
  /** How many requests it has hit so far; sockets, for an action that happens at once. */
  readonly fired: number;
  /** Ends it. Requests that it holds open stay as they are; an at-once action that `afterMs` keeps waiting does not happen. */
  remove(): void;
}

/** The faults of one emulator. */
export interface Faults {
  /** Adds a fault. Throws an `EmulatorError` that names the mistake when the fault is malformed. */
  add(fault: Fault): ActiveFault;
  /** Ends all of them. */
  clear(): void;
  /** Those that can still fire. */
  readonly active: readonly ActiveFault[];
  /** How many requests, and sockets at once, faults have hit since the start or the last `reset()`. */
  readonly fired: number;
}
