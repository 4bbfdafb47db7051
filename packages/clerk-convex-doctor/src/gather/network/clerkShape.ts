import type { Answer } from './ask.ts';
import { isObject, jsonOf, objectsIn } from './json.ts';

/**
 * Is an answer Clerk's own, and not of something in between? Undefined: it cannot be told. `isExpected` says it of the JSON of
 * a 2xx; everything else of Clerk's has `errors: [{ code }]` (Errors in Clerk's Backend and Frontend API references).
 */
export function isClerks(answer: Answer, isExpected: (json: unknown) => boolean): boolean | undefined {
  const { status } = answer;
  // Network Authentication Required, RFC 6585: what a captive portal says when it is polite.
  if (status === 511) return false;
  const json = jsonOf(answer);
  if (json === undefined && !answer.isWhole && isJson(answer)) return undefined;
  if (status >= 200 && status < 300) return json !== undefined && isExpected(json);
  if (isObject(json) && Array.isArray(json.errors)) return true;
  // The edge in front of Clerk has HTML for what it cannot pass on.
  return status === 429 || status >= 500 ? undefined : false;
}

const isJson = ({ headers }: Answer): boolean => /\bjson\b/i.test(headers.get('content-type') ?? '');

/** The first code of an error of Clerk's. */
export function errorCodeIn(json: unknown): string | undefined {
  const [first] = (isObject(json) && objectsIn(json.errors)) || [];
  return typeof first?.code === 'string' && /^\w{1,40}$/.test(first.code) ? first.code : undefined;
}

/** Ids of the keys in a JSON Web Key Set; undefined: it is none. */
export function kidsIn(json: unknown): readonly string[] | undefined {
  if (!isObject(json) || !Array.isArray(json.keys)) return undefined;
  return json.keys.filter(isObject).flatMap(({ kid }) => (typeof kid === 'string' ? [kid] : []));
}
