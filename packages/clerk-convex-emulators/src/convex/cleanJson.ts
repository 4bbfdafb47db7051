import { type JSONValue, jsonToConvex, type Value } from 'convex/values';

/** A value as the HTTP API's `json` format writes it: numbers and texts where the encoded format has `$integer`, `$bytes`, `$float`. */
export function cleanJson(encoded: JSONValue): JSONValue {
  return clean(jsonToConvex(encoded));
}

function clean(value: Value): JSONValue {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, clean(inner)]])),
  );
}
