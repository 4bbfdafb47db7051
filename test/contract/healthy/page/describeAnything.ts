/** Everything that a value holds, as text: of errors the message, the stack and the cause too, which `JSON.stringify` leaves out. */
export function describeAnything(value: unknown): string {
  const seen = new Set<unknown>();
  const text = JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'function') return undefined;
    if (typeof each !== 'object' || each === null) return each;
    if (seen.has(each)) return '(again)';
    seen.add(each);
    if (!(each instanceof Error)) return each;
    return Object.fromEntries(Object.getOwnPropertyNames(each).map((name) => [name, Reflect.get(each, name)]));
  });
  return text ?? String(value);
}
