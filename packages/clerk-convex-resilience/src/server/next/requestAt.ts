import type { NextRequest } from 'next/server';

/** The same request as if it were for another path: for a matcher that reads `nextUrl` or `url`. */
export function requestAt(request: NextRequest, pathname: string): NextRequest {
  const nextUrl = request.nextUrl.clone();
  nextUrl.pathname = pathname;
  return new Proxy(request, {
    get(target, name) {
      if (name === 'nextUrl') return nextUrl;
      if (name === 'url') return nextUrl.href;
      // Getters of Request look at private fields, which a proxy does not have.
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
