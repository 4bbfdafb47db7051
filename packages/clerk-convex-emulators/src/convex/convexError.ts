/** A refusal as the backend makes it: `status` over HTTP, `fate` of a socket, `shortMessage` for programs (crates/errors/src/lib.rs). */
export class ConvexServerError extends Error {
  override readonly name = 'ConvexServerError';
  constructor(
    readonly kind: 'unauthenticated' | 'bad_request' | 'not_found' | 'forbidden' | 'overloaded' | 'rate_limited',
    readonly shortMessage: string,
    message: string,
  ) {
    super(message);
  }

  get status(): number {
    return statuses[this.kind];
  }
}

const statuses = {
  unauthenticated: 401,
  bad_request: 400,
  not_found: 404,
  forbidden: 403,
  overloaded: 503,
  rate_limited: 429,
} as const;
