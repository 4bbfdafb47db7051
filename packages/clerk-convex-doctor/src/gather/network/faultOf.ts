import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';

/** What kept an answer from coming. */
export interface Fault {
  readonly fault: NonNullable<HostAnswer['fault']>;
  /** The code of the error: `ENOTFOUND`, `CERT_HAS_EXPIRED`; and the variable of a proxy that was passed by. */
  readonly reason: string;
}

/** Codes of `error.cause` of Node's fetch. Of the first pattern that fits, the fault. */
const faults: ReadonlyArray<readonly [RegExp, Fault['fault']]> = [
  // getaddrinfo and c-ares, Node 20
  [/^(ENOTFOUND|ENODATA|ESERVFAIL|ENONAME|EBADNAME|EAI_[A-Z]+)$/, 'dns'],
  // Node 20 `tls`: OpenSSL's X509 errors, its own, and those of a handshake with what speaks no TLS
  [
    /^(CERT_|CRL_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF|UNABLE_TO_|INVALID_(CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH|ERROR_IN_CERT_)/,
    'tls',
  ],
  [/^EPROTO$/, 'tls'],
  [/^ECONNREFUSED$/, 'refused'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_\w+_TIMEOUT)$/, 'timeout'],
  // UND_ERR_SOCKET: "other side closed" (undici 6)
  [/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/, 'reset'],
];

/** Says which fault an error of `fetch` or `dns.lookup` is. Its `reason` is a code, never a message: that may quote the URL. */
export function faultOf(error: unknown): Fault {
  const reason = codeOf(error);
  const [, fault = 'other' as const] = faults.find(([pattern]) => pattern.test(reason)) ?? [];
  return { fault, reason };
}

/** The first code in an error, its causes, and the errors of an attempt on several addresses. */
function codeOf(error: unknown, depth = 0): string {
  if (depth > 4 || typeof error !== 'object' || error === null) return 'UNKNOWN';
  const { code, cause, errors, name } = error as {
    readonly code?: unknown;
    readonly cause?: unknown;
    readonly errors?: unknown;
    readonly name?: unknown;
  };
  if (typeof code === 'string' && /^\w+$/.test(code)) return code;
  const inner: readonly unknown[] = [cause, ...(Array.isArray(errors) ? errors : [])];
  for (const each of inner) {
    const found = each === undefined ? 'UNKNOWN' : codeOf(each, depth + 1);
    if (found !== 'UNKNOWN') return found;
  }
  return name === 'TimeoutError' || name === 'AbortError' ? 'ETIMEDOUT' : 'UNKNOWN';
}
