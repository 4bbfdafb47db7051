import { appleMessages, browserMessages, chromiumCodes } from './browserErrors.ts';
import { type ClassifyContext, classifyWith, described, type Recogniser, recognise } from './classifyTokenError.ts';
import { type AuthFailure, kindIn } from './failure.ts';
import { androidMessages, nodeCodes, nodeMessages } from './nodeErrors.ts';

export type { ClassifyContext } from './classifyTokenError.ts';

/**
 * Says what an error means. Knows the spellings of browsers, Node, axios, Electron, React Native, Clerk 5 and 6 and Convex;
 * what it does not know is `unknown` and retryable, never a sign-out. Never throws.
 */
export const classifyAuthError = (error: unknown, context: ClassifyContext = {}): AuthFailure =>
  classifyWith(everywhere, error, context);

const byCode: Recogniser = (seen) => {
  const { message } = seen;
  // Electron writes `net::ERR_FAILED`, or names the code in the message only; axios' own codes have no prefix either.
  const net = /^(?:net::)?(ERR_\w+)$/.exec(seen.code ?? '')?.[1] ?? /net::(ERR_\w+)/.exec(message)?.[1] ?? '';
  const code = seen.code ?? /\b(E[A-Z]{4,}|EAI_[A-Z]+)\b/.exec(message)?.[1];
  const kind = kindIn(nodeCodes, code ?? '');
  // axios says ECONNABORTED of its own timeout.
  const late = kind && kindIn(nodeMessages, message) === 'timeout' ? 'timeout' : kind;
  return (
    described(kindIn(chromiumCodes, net), 'browser', { ...seen, code: net }) ??
    described(late, 'node', { ...seen, code })
  );
};

const byMessage: Recogniser = (seen, depth) => {
  // ConvexHttpClient 1.48 throws the page of an edge as it came.
  if (/^\s*<(!doctype|html)/i.test(seen.message)) return described('server', 'browser', seen);
  // Expo 56: "fetch failed: UnexpectedException: The request timed out. (at …)"; a text made of an error: "TypeError: Load failed".
  const bare = seen.message.replace(/^(fetch failed: |[\w.]*(Exception|Error): )+/, '');
  const browser = kindIn(browserMessages, bare) ?? kindIn(appleMessages, bare);
  if (browser) return described(browser, 'browser', seen);
  const kind = kindIn(androidMessages, bare) ?? kindIn(nodeMessages, bare) ?? kindIn(nodeMessages, seen.message);
  // undici's "fetch failed" says more in its cause.
  return kind ? (recognise(everywhere, seen.cause, {}, depth + 1) ?? described(kind, 'node', seen)) : null;
};

const everywhere: readonly Recogniser[] = [byCode, byMessage];
