import { describe, expect, it } from 'vitest';
import { readClaims } from './jwt.ts';

const encode = (payload: unknown): string =>
  `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;

describe('readClaims', () => {
  it('reads claims in any alphabet and of any length', () => {
    for (const name of ['Ada', 'Жанна', 'রবীন্দ্র', '日本', '😀', '>>>???', 'a', 'ab', 'abc']) {
      expect(readClaims(encode({ sub: 'user_1', name }))).toEqual({ sub: 'user_1', name });
    }
  });

  it.each(['', 'a', 'a.b', 'a.!!!.c', 'a.e30', encode([1]), encode('text'), encode(null)])(
    'answers null to %s',
    (token) => {
      const empty = token === 'a.e30'; // no signature, but claims
      expect(readClaims(token)).toEqual(empty ? {} : null);
    },
  );
});
