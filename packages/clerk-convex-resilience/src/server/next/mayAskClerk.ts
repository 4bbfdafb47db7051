import type { NextRequest } from 'next/server';
import { holdsClerkCookie, isClerkParam, writtenCookies } from './clerkNames.ts';

/**
 * May Clerk's middleware have to ask Clerk about this request? It does so for a session, a token and the end of a handshake,
 * and takes who has none of them for a visitor, or sends them to a handshake, without a word to anybody (@clerk/backend 3.25).
 */
export const mayAskClerk = ({ headers, url }: Pick<NextRequest, 'headers' | 'url'>): boolean =>
  headers.has('authorization') ||
  writtenCookies({ headers }).some(holdsClerkCookie) ||
  [...new URL(url).searchParams.keys()].some(isClerkParam);
