import type { NextRequest } from 'next/server';

// How Clerk calls what it keeps in a browser, and what it brings along in an address.

/** Cookies of a session, and what a handshake brings: `__session`, `__client_uat_x1y2`, `__refresh`, `__clerk_handshake_nonce`. */
export const clerkCookie = /^__(?:session|client|refresh|clerk)/;

/** Parameters that a handshake, or another host of a development instance, brings. */
export const isClerkParam = (name: string): boolean => name.startsWith('__clerk');

/** The cookies that hold a session token: `__session`, and, where several instances share a host, with a suffix (@clerk/backend 3.25). */
export const sessionCookies = ({
  cookies,
}: Pick<NextRequest, 'cookies'>): readonly { readonly name: string; readonly value: string }[] =>
  cookies.getAll().filter(({ name }) => /^__session(?:_[\w-]+)?$/.test(name));
