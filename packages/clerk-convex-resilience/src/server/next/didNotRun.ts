import { answerIn, isFunctionError } from './convexAnswer.ts';
import { neverConnected } from './neverConnected.ts';

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
export function didNotRun(error: unknown, kind: 'mutation' | 'action'): boolean {
  if (isFunctionError(error)) return false;
  if (neverConnected(error)) return true;
  const { code, message } = answerIn(error);
  return (
    [code, message].some((text) => notLetIn.test(text)) ||
    notBegun.test(code) ||
    (kind === 'mutation' && undone.test(code))
  );
}
