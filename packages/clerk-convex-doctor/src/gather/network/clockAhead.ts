import type { Answer } from './ask.ts';

/**
 * How far this machine's clock is ahead of a server's, in milliseconds, from the `Date` of its answer: it was written about in
 * the middle of the round trip, and is cut down to seconds. Undefined: the answer has none, or has come out of a cache.
 */
export function clockAhead({ headers, askedAt, answeredAt }: Pick<Answer, 'headers' | 'askedAt' | 'answeredAt'>) {
  const at = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(at) || Number(headers.get('age')) > 0) return undefined;
  return Math.round((askedAt + answeredAt) / 2 - (at + 500));
}
