import type { NextRequest } from 'next/server';

/** Cookies of a session, and what a handshake brings: `__session`, `__client_uat_x1y2`, `__refresh`, `__clerk_handshake_nonce`. */
export const clerkCookie = /^__(?:session|client|refresh|clerk)/;

/**
 * May Clerk's middleware have to ask Clerk about this request? It does so for a session, a token and the end of a handshake,
 * and takes who has none of them for a visitor, or sends them to a handshake, without a word to anybody (@clerk/backend 3.25).
 */
export const mayAskClerk = ({ headers, cookies, url }: Pick<NextRequest, 'headers' | 'cookies' | 'url'>): boolean =>
  headers.has('authorization') ||
  cookies.getAll().some(({ name }) => clerkCookie.test(name)) ||
  [...new URL(url).searchParams.keys()].some((name) => name.startsWith('__clerk'));
