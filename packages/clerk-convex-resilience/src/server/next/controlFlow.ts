/**
 * Is this how Next.js says "redirect" or "not found", rather than an error? It marks them by a `digest` that begins
 * with `NEXT_` (next 16.4: NEXT_REDIRECT, NEXT_HTTP_ERROR_FALLBACK, NEXT_PRERENDER_INTERRUPTED; before 15 NEXT_NOT_FOUND), and
 * what cannot be rendered in advance by three others.
 */
export function isControlFlow(error: unknown): boolean {
  try {
    const { digest } = error as { readonly digest?: unknown };
    return typeof digest === 'string' && marks.test(digest);
  } catch {
    return false;
  }
}

const marks = /^(?:NEXT_|(?:DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT_SIDE_RENDERING|HANGING_PROMISE_REJECTION)$)/;
