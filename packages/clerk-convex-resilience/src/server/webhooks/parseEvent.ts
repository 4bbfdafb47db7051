/** As much of an event as is certain of every event. */
export interface ParsedEvent {
  readonly type: string;
  readonly data: object;
}

/**
 * The text of a body, byte for byte: what is not UTF-8 throws, where `Request.text()` makes U+FFFD of it, and a byte order mark
 * stays, which `text()` drops. So a text has one spelling in bytes, and a signature over the text is one over the bytes.
 */
export const decodeBody = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

/** Null when it is JSON but no event. Throws when it is no JSON. */
export function parseEvent(text: string): ParsedEvent | null {
  const value = JSON.parse(text) as Partial<ParsedEvent> | null;
  return value?.type && typeof value.type === 'string' && value.data && typeof value.data === 'object'
    ? (value as ParsedEvent)
    : null;
}
