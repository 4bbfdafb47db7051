import type { Clock } from '../../core/clock.ts';
import { within } from './within.ts';

/** What a body may cost. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * Reads a body whole, counting while it reads: no more than the chunk that goes over `maxBytes` is taken, whatever
 * Content-Length says. What is not wanted is cancelled.
 */
export async function readBody(
  body: ReadableStream<Uint8Array>,
  { maxBytes, timeoutMs, clock }: BodyLimits,
): Promise<Uint8Array | 'body_too_large' | 'slow_body' | 'incomplete_body'> {
  const reader = body.getReader();
  const bytes = await within(clock, timeoutMs, readAll(reader, maxBytes)).catch(() => 'incomplete_body' as const);
  // Not awaited: a source may take its time to stop, or never say that it has.
  if (typeof bytes === 'string') reader.cancel().catch(() => {});
  return bytes === 'late' ? 'slow_body' : bytes;
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | 'body_too_large'> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let { value } = await reader.read(); value; { value } = await reader.read()) {
    chunks.push(value);
    length += value.length;
    if (length > maxBytes) return 'body_too_large';
  }
  const whole = new Uint8Array(length);
  for (const chunk of chunks.reverse()) {
    length -= chunk.length;
    whole.set(chunk, length);
  }
  return whole;
}
