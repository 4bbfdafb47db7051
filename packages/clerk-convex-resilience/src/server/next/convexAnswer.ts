/** The server's own answer of a failure, which is the whole of the message: so the HTTP client (convex 1.48) throws it. */
export function answerIn(error: unknown): { readonly code: string; readonly message: string } {
  try {
    const answer = JSON.parse(messageOf(error)) as Record<string, unknown> | null;
    return { code: `${answer?.code}`, message: `${answer?.message}` };
  } catch {
    return { code: '', message: '' };
  }
}

const messageOf = (error: unknown): string => `${(error as Error | null | undefined)?.message}`;
