import type { Answer } from './ask.ts';

type Json = Readonly<Record<string, unknown>>;

/** The body as JSON; undefined: it is none. */
export function jsonOf({ body }: Pick<Answer, 'body'>): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a list holds of objects: `[...]`, or `{ data: [...] }` as paginated answers have it. Undefined: it is no list. */
export function objectsIn(value: unknown): readonly Json[] | undefined {
  const list = isObject(value) ? value.data : value;
  return Array.isArray(list) ? list.filter(isObject) : undefined;
}
