import type { AuthFailureKind } from '../../core/failure.ts';

/**
 * What it means that Clerk's Backend API has not found something, which it says with one code (`resource_not_found`) of whatever
 * it was asked for: a JWT template was never made, a session is over, and anything else the app was looking for (null).
 */
export function kindOfNotFound(error: unknown): AuthFailureKind | null {
  const words = wordsOf(error);
  if (words === '' || /\btemplate\b/i.test(words)) return 'misconfigured';
  return /\bsession\b/i.test(words) ? 'session_ended' : null;
}

/** Of @clerk/backend 3.25: "not found", and in full "No JWT template exists with name: convex", "No session was found with id …". */
function wordsOf(error: unknown): string {
  try {
    const { errors } = error as {
      readonly errors: readonly { readonly message?: string; readonly longMessage?: string }[];
    };
    return `${errors[0]?.message ?? ''} ${errors[0]?.longMessage ?? ''}`.trim();
  } catch {
    return '';
  }
}
