import { convexErrorMark } from '../../core/convexErrors.ts';

/** The server's own answer of a failure, which is the whole of the message: so the HTTP client (convex 1.48) throws it. */
export function answerIn(error: unknown): { readonly code: string; readonly message: string } {
  try {
    const answer = JSON.parse(messageOf(error)) as Record<string, unknown> | null;
    return { code: textOf(answer?.code), message: textOf(answer?.message) };
  } catch {
    return { code: '', message: '' };
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const messageOf = (error: unknown): string => `${(error as Error | null | undefined)?.message}`;

/**
 * Is it what a function of Convex's has thrown? In development and on a self-hosted backend its words follow, in production none
 * but a ConvexError's data do (convex-backend; `[CONVEX` is the socket's client).
 */
export function isFunctionError(error: unknown): boolean {
  try {
    return (error as Record<symbol, unknown>)[convexErrorMark] === true || functionError.test(messageOf(error));
  } catch {
    return false;
  }
}

const functionError = /^(?:\[CONVEX |\[Request ID: |Uncaught )/;
