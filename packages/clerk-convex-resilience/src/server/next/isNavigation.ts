/**
 * Does a browser go where the answer leads: a document, or what the router of Next.js asks for, as Clerk's `protect` tells them
 * (@clerk/nextjs 7.9, isPageRequest)? Nobody goes anywhere for a prefetch, as far as one can be told: Next.js 16.4 takes the headers
 * of the app router's own out before a middleware runs, but with `skipProxyUrlNormalize`.
 */
export function isNavigation({ headers }: Pick<Request, 'headers'>): boolean {
  const get = (name: string): string => headers.get(name) ?? '';
  if (/prefetch/.test(`${get('purpose')} ${get('sec-purpose')}`) || headers.has('next-router-prefetch')) return false;
  const isRouters = headers.has('next-url') || headers.has('x-nextjs-data');
  return isRouters || /^(?:document|iframe)$/.test(get('sec-fetch-dest')) || get('accept').includes('text/html');
}
