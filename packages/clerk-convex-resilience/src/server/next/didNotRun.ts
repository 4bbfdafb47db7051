import type { AuthFailure } from '../../core/failure.ts';

/**
 * Errors of a connection that was not made, so that nothing was sent: Node 20 (libuv, OpenSSL) and undici 6 and 7. Not
 * ECONNRESET, nor UND_ERR_SOCKET: there the request may have arrived.
 */
const notConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOST(?:UNREACH|DOWN)|ENET(?:UNREACH|DOWN)|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|UNABLE_TO_\w+|ERR_TLS_CERT_\w+)$/;

/**
 * Codes of answers that say that the function was not begun: `rejected_before_execution` and its kin in convex-backend. The
 * HTTP client (convex 1.48) throws the answer's JSON as the message. A function's own error has other text around it, whatever it quotes.
 */
const notBegun =
  /^(?:ExpiredInQueue|WorkerOverloaded|UpstreamConnectError|TooManyConcurrentRequests|ExecuteFullError)$/;

/** Of a transaction, which was undone as a whole: it lost against others, or there was no room to commit it. */
const undone = /^(?:OptimisticConcurrencyControlFailure|CommitterFullError)$/;

/** The token is looked at before the function is: convex-backend crates/authentication. */
const notLetIn = /^(?:Auth provider discovery of \S+ failed|Could not fetch JWKS)/;

/** Is it certain that the mutation or action has had no effect? Only then it may be sent again. */
export function didNotRun(error: unknown, failure: AuthFailure, kind: 'mutation' | 'action'): boolean {
  if (notConnected.test(failure.code ?? '')) return true;
  const { code, message } = answerIn(error);
  return (
    [code, message].some((text) => notLetIn.test(text)) ||
    notBegun.test(code) ||
    (kind === 'mutation' && undone.test(code))
  );
}

/** The server's own answer, which is the whole of the message. */
function answerIn(error: unknown): { readonly code: string; readonly message: string } {
  try {
    const answer = JSON.parse(`${(error as Error | null | undefined)?.message}`) as Record<string, unknown> | null;
    return { code: `${answer?.code}`, message: `${answer?.message}` };
  } catch {
    return { code: '', message: '' };
  }
}
