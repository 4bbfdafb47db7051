import { expect, it } from 'vitest';
import { readEnvList } from './readEnvList.ts';

it.each([
  ['one', 'A=b', { A: 'b' }],
  ['several, with CRLF', 'A=b\r\nC=d\r\n', { A: 'b', C: 'd' }],
  ['a value with =', 'URL=https://a.example/?b=c&d==', { URL: 'https://a.example/?b=c&d==' }],
  ['an empty value', 'A=\nB=c', { A: '', B: 'c' }],
  ['a value in quotes', `A='b # c'\nD="e'f # g"`, { A: 'b # c', D: "e'f # g" }],
  ['a value of several lines', "KEY='-----BEGIN\nx=y\n-----END'\nB=c", { KEY: '-----BEGIN\nx=y\n-----END', B: 'c' }],
  ['line breaks that were written out', `A="it's\\nb"`, { A: "it's\nb" }],
  ['a quote that is part of the value', `A='\nB="c\nD=e`, { A: "'", B: '"c', D: 'e' }],
  ['spaces that are part of the value', 'A= b ', { A: ' b ' }],
  ['messages', 'No environment variables set.\nA=b\n\u001b[33mnote\u001b[39m', { A: 'b' }],
  ['names alone', 'A\nB', {}],
  ['nothing', '', {}],
])('reads %s', (_, output, expected) => {
  expect(readEnvList(output)).toEqual(expected);
});
