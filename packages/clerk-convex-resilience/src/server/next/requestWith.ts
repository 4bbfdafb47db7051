import type { NextRequest } from 'next/server';

/** The same request, but for what is `mine`. What else it has, its methods too, is `rest`'s, as far as that has it. */
export function requestWith(
  request: NextRequest,
  mine: Readonly<Record<string | symbol, unknown>>,
  rest: Request = request,
): NextRequest {
  return new Proxy(request, {
    get(target, name) {
      if (Object.hasOwn(mine, name)) return mine[name];
      const from = name in rest ? rest : target;
      // Getters of Request look at private fields, which a proxy does not have.
      const value: unknown = Reflect.get(from, name, from);
      return typeof value === 'function' ? value.bind(from) : value;
    },
  });
}
