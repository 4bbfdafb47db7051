import { expect, it } from 'vitest';
import { docsUrlOf, finding } from '../diagnosis/findings.ts';
import { reported } from './reported.ts';

const one = finding('VERSION_UNSUPPORTED', { name: 'convex', seen: '0.1.0', expected: '1' }, 'package.json:3', 'info');
const other = finding('VERSION_UNSUPPORTED', { name: 'react', seen: '0.2.0', expected: '18' });
const issuer = finding('TOKEN_ISSUER_WRONG', { seen: 'https://a.example.com', expected: 'https://b.example.com' });

it('is everything for a developer, and in a test', () => {
  const all = [one, issuer, other];
  expect(reported(all, true)).toBe(all);
  expect(reported(all, undefined)).toBe(all);
});

it('is each code once for anybody, and nothing of what was seen, expected or where', () => {
  expect(reported([one, issuer, other], false)).toEqual([
    { code: 'VERSION_UNSUPPORTED', severity: 'info', docsUrl: docsUrlOf('VERSION_UNSUPPORTED') },
    { code: 'TOKEN_ISSUER_WRONG', severity: 'error', docsUrl: docsUrlOf('TOKEN_ISSUER_WRONG') },
  ]);
});
