import { expect, test } from 'vitest';
import { decodeTs, encodeTs, parseClientMessage, splitTransition, supportsTransitionChunks } from './protocol.ts';

const parts = (frames: readonly string[]) =>
  frames.map((frame) => JSON.parse(frame) as { chunk: string; partNumber: number; totalParts: number });

test('a timestamp crosses the wire as eight little-endian bytes', () => {
  expect(encodeTs(1n)).toBe('AQAAAAAAAAA=');
  expect(decodeTs(encodeTs(1_795_310_264_155_000_000n))).toBe(1_795_310_264_155_000_000n);
});

test('a small transition is sent whole', () => {
  expect(splitTransition('{"a":1}', 7)).toEqual(['{"a":1}']);
});

test.each([1, 2, 3, 5, 40])('a large one comes together again from chunks of %i bytes, letters whole', (bytes) => {
  const text = JSON.stringify({ text: 'aé€😀'.repeat(5) });
  const chunks = parts(splitTransition(text, bytes));
  expect(chunks.map(({ chunk }) => chunk).join('')).toBe(text);
  expect(chunks.map(({ partNumber }) => partNumber)).toEqual([...chunks.keys()]);
  expect(new Set(chunks.map(({ totalParts }) => totalParts))).toEqual(new Set([chunks.length]));
});

test.each([
  ['1.25.0', false],
  ['1.27.5', false],
  ['1.28.0', true],
  ['1.48.0', true],
  ['2.0.0', true],
  ['', false],
])('the client of version "%s" knows chunks: %s', (version, expected) => {
  expect(supportsTransitionChunks(version)).toBe(expected);
});

test('a frame that is no message says why', () => {
  expect(() => parseClientMessage('{"type":"Nonsense"}')).toThrow('unknown variant `Nonsense`');
  expect(() => parseClientMessage('[]')).toThrow('missing field `type`');
  expect(() => parseClientMessage('{')).toThrow();
});
