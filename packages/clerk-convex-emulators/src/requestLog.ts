/** One request (or socket message) as an emulator saw it. Never holds a token, a cookie or a body. */
export interface RequestLogEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `GET`, `POST`, ... (Clerk's `_method` override applied), `CONNECT` for a socket, `MESSAGE` for what came over one. */
  readonly method: string;
  /** Path without the query string; the message's type for a `MESSAGE`. */
  readonly path: string;
  /** Id of the Clerk client (browser), or of the Convex sync session, when it is known. */
  readonly client?: string;
  /** Status answered; absent while it is pending or when there was none. */
  status?: number;
  /** Type of the fault that hit it. */
  fault?: string;
}
