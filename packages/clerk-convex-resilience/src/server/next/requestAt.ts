import type { NextRequest } from 'next/server';
import { requestLike } from './requestLike.ts';

/** The same request as if it were for another path: for a matcher that reads `nextUrl` or `url`. */
export function requestAt(request: NextRequest, pathname: string): NextRequest {
  const nextUrl = request.nextUrl.clone();
  nextUrl.pathname = pathname;
  return requestLike(request, nextUrl, request.headers);
}
