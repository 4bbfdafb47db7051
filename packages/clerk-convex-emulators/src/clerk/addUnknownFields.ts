/** The same answer as a later version of the API might send it: what is known stays, with unknown fields between. */
export function addUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(addUnknownFields);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).map(([key, item]) => [key, addUnknownFields(item)] as const);
  return { ...Object.fromEntries(known), schema_version: 99, unknown_field: { nested: [1, null, 'text'] } };
}

/** An answer that no known version sends, for any request. */
export const unknownShape = { schema_version: 99, kind: 'envelope', items: [{ token: null }], next: 'cursor' };
