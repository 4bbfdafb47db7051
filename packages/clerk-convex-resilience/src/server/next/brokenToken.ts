import type { NextRequest } from 'next/server';
import { readClaims, readHeader } from '../../core/jwt.ts';
import { sessionCookies } from './clerkNames.ts';

/**
 * Does the request bring a token of three parts that cannot be read, as one that was cut off? @clerk/backend 2.33, which is in
 * @clerk/nextjs 6, throws at it before the app's handler runs; 3.25 takes the visitor for nobody.
 */
export function hasBrokenToken(request: Pick<NextRequest, 'headers' | 'cookies'>): boolean {
  const bearer = request.headers.get('authorization')?.replace(/^Bearer /, '');
  const tokens = [bearer ?? '', ...sessionCookies(request).map(({ value }) => value)];
  return tokens.some((token) => token.split('.').length === 3 && !isReadable(token));
}

const isReadable = (token: string): boolean =>
  readHeader(token) !== null && readClaims(token) !== null && isBase64Url(token.slice(token.lastIndexOf('.') + 1));

/** Written as any encoder writes it: what was cut off has a letter too many, or bits that stand for nothing. */
function isBase64Url(text: string): boolean {
  try {
    const plain = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
    return btoa(atob(plain)).replace(/=+$/, '') === plain;
  } catch {
    return false;
  }
}
