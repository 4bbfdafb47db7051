/**
 * Does the request run a server action, as Next.js decides it (16.4, server-action-request-meta)? Next.js finds an action by
 * its id, whatever path it is posted to: a public path says nothing of it. A form that is sent before the page's script
 * has loaded has no header, and is multipart.
 */
export function isServerAction({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean {
  if (headers.has('next-action')) return true;
  return method === 'POST' && /^\s*multipart\/form-data/i.test(headers.get('content-type') ?? '');
}
