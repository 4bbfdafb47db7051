import { randomBytes } from 'node:crypto';

/** An answer with Clerk's error shape; thrown by routes. */
export class ClerkApiError extends Error {
  override readonly name = 'ClerkApiError';
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 422,
    readonly code: string,
    message: string,
    readonly longMessage = message,
    readonly meta: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** The body of an error as the Frontend API and the Backend API send it. */
export function clerkErrorBody(
  code: string,
  message: string,
  longMessage = message,
  meta: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    errors: [{ message, long_message: longMessage, code, meta }],
    clerk_trace_id: randomBytes(16).toString('hex'),
  };
}

/** What Clerk sends with a status when nothing more is known; the edge in front of it answers some of them with HTML. */
export function clerkStatusBody(status: number): { contentType: string; body: string } {
  if (edgeStatuses.has(status)) {
    const html = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>Error ${status}</h1></body></html>`;
    return { contentType: 'text/html; charset=utf-8', body: html };
  }
  const [code, message] = statusErrors[status] ?? [
    'internal_clerk_error',
    'There was an internal error on our servers.',
  ];
  return { contentType: 'application/json', body: JSON.stringify(clerkErrorBody(code, message)) };
}

const edgeStatuses = new Set([502, 504, 520, 521, 522, 523, 524, 525, 526]);
const statusErrors: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['request_invalid', 'The request is invalid.'],
  401: ['authentication_invalid', 'Invalid authentication'],
  403: ['authorization_invalid', 'Unauthorized request'],
  404: ['resource_not_found', 'Resource not found'],
  422: ['request_body_invalid', 'Request body invalid'],
  429: ['too_many_requests', 'Too many requests. Please try again in a bit.'],
  503: ['service_unavailable', 'The service is temporarily unavailable. Please try again later.'],
};

export const unauthenticated = (): ClerkApiError =>
  new ClerkApiError(
    401,
    'authentication_invalid',
    'Invalid authentication',
    'Unable to authenticate the request, you need to supply an active session',
  );

export const notFound = (longMessage: string): ClerkApiError =>
  new ClerkApiError(404, 'resource_not_found', 'Resource not found', longMessage);

export const invalidParam = (code: string, paramName: string, message: string): ClerkApiError =>
  new ClerkApiError(422, code, message, message, { param_name: paramName });
