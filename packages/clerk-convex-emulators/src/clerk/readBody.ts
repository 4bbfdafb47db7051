import type { Context } from 'hono';
import { ClerkApiError } from './clerkApiError.ts';
import type { ClerkEnv } from './clerkContext.ts';

/** Fields of a body: form-urlencoded as clerk-js sends it, or JSON as the Backend API takes it. '' is JSON's null, as in a form. */
export async function readBody(c: Context<ClerkEnv>): Promise<Readonly<Record<string, string | undefined>>> {
  const text = await c.req.text();
  if (!c.req.header('content-type')?.includes('json')) return Object.fromEntries(new URLSearchParams(text));
  try {
    const parsed: unknown = text ? JSON.parse(text) : {};
    if (typeof parsed !== 'object' || parsed === null) throw new SyntaxError('not an object');
    return Object.fromEntries(
      Object.entries(parsed).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value),
      ]),
    );
  } catch {
    throw new ClerkApiError(
      400,
      'request_body_invalid',
      'Request body invalid',
      'The request body is not a JSON object.',
    );
  }
}

/** An object that came as JSON in a field (`unsafe_metadata`). */
export function readObject(text: string | undefined, name: string): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {}
  throw new ClerkApiError(422, 'form_param_format_invalid', 'is invalid', `${name} must be a JSON object.`, {
    param_name: name,
  });
}
