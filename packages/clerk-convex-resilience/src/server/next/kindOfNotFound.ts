import type { AuthFailureKind } from '../../core/failure.ts';

/**
 * What it means that Clerk's Backend API has not found something, which it says with one code (`resource_not_found`) of whatever
 * it was asked for: a session is over, a JWT template was never made, and anything else the app was looking for (null). Its words
 * (@clerk/backend 3.25): "No session was found with id …", "No JWT template exists with name: convex".
 */
export function kindOfNotFound(error: unknown): AuthFailureKind | null {
  let words = 'template';
  try {
    const { errors } = error as { readonly errors: readonly { readonly longMessage?: string }[] };
    words = errors[0]?.longMessage ?? words;
  } catch {}
  if (/\bsession\b/i.test(words)) return 'session_ended';
  return /\btemplate\b/i.test(words) ? 'misconfigured' : null;
}
