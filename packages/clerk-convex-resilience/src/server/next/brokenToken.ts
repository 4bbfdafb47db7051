import { readClaims, readHeader } from '../../core/jwt.ts';

/**
 * Does the request bring a token that has parts and cannot be read, as one that was cut off? @clerk/backend 2.33, which is in
 * @clerk/nextjs 6, throws at it before the app's handler runs; 3.25 takes the visitor for nobody.
 */
export function hasBrokenToken({ headers }: Pick<Request, 'headers'>): boolean {
  const bearer = headers.get('authorization')?.replace(/^Bearer /, '');
  // Of two of one name Next.js reads the last, and Clerk the first.
  const inCookies = (headers.get('cookie') ?? '').matchAll(/(?:^|;\s*)__session(?:_[\w-]+)?=([^;]*)/g);
  const tokens = [bearer ?? '', ...[...inCookies].map(([, value = '']) => value)];
  return tokens.some((token) => token.split('.').length > 2 && !isReadable(token));
}

const isReadable = (token: string): boolean =>
  token.split('.').length === 3 &&
  readHeader(token) !== null &&
  readClaims(token) !== null &&
  isBase64Url(token.slice(token.lastIndexOf('.') + 1));

/** Written as any encoder writes it: what was cut off has a letter too many, or bits that stand for nothing. */
function isBase64Url(text: string): boolean {
  try {
    const plain = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
    return btoa(atob(plain)).replace(/=+$/, '') === plain;
  } catch {
    return false;
  }
}
