import { type AuthFailure, isRetryable } from './failure.ts';

/**
 * What a rejected `fetch` means to whoever sent it. It can only be the network: no table is needed to know that, and a
 * spelling that nobody has seen yet is one more network error. For errors from anywhere else there is `classifyAuthError`.
 */
export function classifyFetchError(error: unknown, online: boolean): AuthFailure {
  const { name, message, code, cause } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly [key in 'name' | 'message' | 'code' | 'cause']?: unknown;
  };
  const undici = (cause as { readonly code?: unknown } | null | undefined)?.code;
  // WebKitGTK 2.50 calls the end of AbortSignal.timeout an AbortError, "Fetch is aborted".
  const late =
    name === 'TimeoutError' || /TIMED?_?OUT/.test(`${code ?? undici}`) || /^Fetch is aborted/.test(`${message}`);
  const kind = late ? 'timeout' : online ? 'network' : 'offline';
  return { kind, retryable: isRetryable(kind), source: undici === undefined ? 'browser' : 'node', cause: error };
}
