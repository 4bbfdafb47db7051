import type { NextRequest } from 'next/server';

// How Clerk calls what it keeps in a browser, and what it brings along in an address.

/** Cookies of a session, and what a handshake brings: `__session`, `__client_uat_x1y2`, `__refresh`, `__clerk_handshake_nonce`. */
const clerkCookie = /(?:^|;\s*)__(?:session|client|refresh|clerk)/;

/** The cookies of a request as they were written: one that is decoded may hold another, or letters that no header takes. */
export const writtenCookies = ({ headers }: Pick<Request, 'headers'>): readonly string[] =>
  (headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter(Boolean);

/**
 * Is a cookie, as it was written, one of Clerk's, or does it hold one? @clerk/backend 2.33 decodes the whole header before it
 * looks for cookies in it, and then each value, as 3.25 does.
 */
export function holdsClerkCookie(pair: string): boolean {
  const once = decodeAscii(pair);
  return [pair, once, decodeAscii(once)].some((text) => clerkCookie.test(text));
}

/** Names and separators are of these letters, and they can always be decoded. */
const decodeAscii = (text: string): string => text.replace(/%[0-7][\da-f]/gi, decodeURIComponent);

/** Parameters that a handshake, or another host of a development instance, brings. */
export const isClerkParam = (name: string): boolean => name.startsWith('__clerk');

/** The parameters of an address but for those. */
export const withoutClerkParams = ({ searchParams }: Pick<URL, 'searchParams'>): URLSearchParams =>
  new URLSearchParams([...searchParams].filter(([name]) => !isClerkParam(name)));

/** The cookies that hold a session token: `__session`, and, where several instances share a host, with a suffix (@clerk/backend 3.25). */
export const sessionCookies = ({
  cookies,
}: Pick<NextRequest, 'cookies'>): readonly { readonly name: string; readonly value: string }[] =>
  cookies.getAll().filter(({ name }) => /^__session(?:_[\w-]+)?$/.test(name));
