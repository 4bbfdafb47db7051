import { expect, it } from 'vitest';
import type { MiddlewareEvidence } from '../../evidence.ts';
import { checkMiddleware } from './checkMiddleware.ts';
import { cleanProject, withPackage, withSource } from './testProject.ts';

const next = cleanProject('next');
const findingsWith = (middleware: Partial<MiddlewareEvidence>, project = next) =>
  checkMiddleware({
    project: { ...project, middleware: { files: ['proxy.ts'], expected: 'proxy.ts', usesClerk: true, ...middleware } },
  });

it.each<[string, Partial<MiddlewareEvidence>, readonly string[]]>([
  ['as proxy', {}, []],
  ['as middleware, until Next.js 15', { files: ['src/middleware.ts'] }, []],
  ['missing', { files: [], usesClerk: false }, ['MIDDLEWARE_MISSING']],
  ['without Clerk', { usesClerk: false }, ['MIDDLEWARE_WITHOUT_CLERK']],
  ['under both names', { files: ['src/middleware.js', 'src/proxy.ts'] }, ['MIDDLEWARE_AND_PROXY']],
  ['under one name twice', { files: ['proxy.ts', 'src/proxy.ts'] }, []],
  [
    'under both names, without Clerk',
    { files: ['middleware.ts', 'proxy.ts'], usesClerk: false },
    ['MIDDLEWARE_AND_PROXY', 'MIDDLEWARE_WITHOUT_CLERK'],
  ],
])('middleware %s', (_name, middleware, expected) => {
  expect(findingsWith(middleware).map(({ code }) => code)).toEqual(expected);
});

it('is not asked for where Clerk has no package on the server', () => {
  const nothing = { files: [], usesClerk: false };
  expect(findingsWith(nothing, withPackage(next, '@clerk/nextjs', undefined))).toEqual([]);
  expect(findingsWith(nothing, cleanProject('vite'))).toEqual([]);
});

it.each([
  [undefined, 'error'],
  [true, 'error'],
  [false, 'warning'],
] as const)('that is missing, where something asks for it (%s): %s', (usesServerAuth, severity) => {
  const project = withSource(next, usesServerAuth === undefined ? {} : { usesServerAuth });
  expect(findingsWith({ files: [], usesClerk: false }, project)).toEqual([expect.objectContaining({ severity })]);
});

it('says what a matcher leaves out', () => {
  const leftOut = { path: '/me', at: 'app/me/page.tsx' };
  expect(findingsWith({ leftOut })).toMatchObject([
    { code: 'MIDDLEWARE_MISSING', severity: 'warning', args: { expected: 'proxy.ts', path: '/me' }, at: leftOut.at },
  ]);
  expect(findingsWith({ leftOut, usesClerk: false }).map(({ code }) => code)).toEqual(['MIDDLEWARE_WITHOUT_CLERK']);
});

it('says which file', () => {
  const files = ['proxy.ts', 'middleware.ts'];
  expect(findingsWith({ files })).toEqual([
    expect.objectContaining({ args: { files: 'proxy.ts, middleware.ts' }, at: 'middleware.ts' }),
  ]);
  expect(findingsWith({ usesClerk: false })).toEqual([
    expect.objectContaining({ args: { file: 'proxy.ts' }, at: 'proxy.ts' }),
  ]);
});
