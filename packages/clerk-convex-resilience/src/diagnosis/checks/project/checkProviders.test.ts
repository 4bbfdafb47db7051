import { expect, it } from 'vitest';
import type { ProviderUse } from '../../evidence.ts';
import { checkPlainProvider, checkProviders } from './checkProviders.ts';
import { cleanProject, withPackage, withSource } from './testProject.ts';

const use: ProviderUse = { name: 'ConvexClerkProvider', at: 'src/main.tsx:12', isOutsideClerk: false };
const findingsOf = (...providers: readonly ProviderUse[]) =>
  checkProviders({ project: withSource(cleanProject(), { providers }) });

it.each<[string, Partial<ProviderUse>, readonly string[]]>([
  ['inside of Clerk’s', {}, []],
  ['outside of Clerk’s', { isOutsideClerk: true }, ['PROVIDER_ORDER_WRONG']],
  ['without Clerk’s', { isWithoutClerk: true }, ['CLERK_PROVIDER_MISSING']],
  ['with the same package', { useAuthFrom: '@clerk/nextjs', clerkProviderFrom: '@clerk/nextjs' }, []],
  [
    'with an entry of the same package',
    { useAuthFrom: '@clerk/nextjs/client', clerkProviderFrom: '@clerk/nextjs' },
    [],
  ],
  [
    'with another package',
    { useAuthFrom: '@clerk/clerk-react', clerkProviderFrom: '@clerk/react' },
    ['USE_AUTH_OF_ANOTHER_PACKAGE'],
  ],
  ['with a hook of the app’s', { useAuthFrom: './useAuth', clerkProviderFrom: '@clerk/react' }, []],
  ['with a hook of an alias', { useAuthFrom: '@/clerk/useAuth', clerkProviderFrom: '@clerk/react' }, []],
  ['with nobody knows which', { useAuthFrom: '@clerk/react' }, []],
  [
    'wrong in both',
    { isOutsideClerk: true, useAuthFrom: '@clerk/clerk-react', clerkProviderFrom: '@clerk/react' },
    ['PROVIDER_ORDER_WRONG', 'USE_AUTH_OF_ANOTHER_PACKAGE'],
  ],
])('a provider %s', (_name, changes, expected) => {
  expect(findingsOf({ ...use, ...changes }).map(({ code }) => code)).toEqual(expected);
});

it('finds each of several', () => {
  const wrong = { ...use, isOutsideClerk: true };
  expect(findingsOf(wrong, use, { ...wrong, at: 'src/other.tsx:3' })).toEqual([
    expect.objectContaining({ args: { outer: 'ConvexClerkProvider', inner: 'ClerkProvider' }, at: 'src/main.tsx:12' }),
    expect.objectContaining({ at: 'src/other.tsx:3' }),
  ]);
});

it('tells of a provider without sign-in, and less loudly where nothing says that functions expect Clerk’s users', () => {
  const project = withSource(cleanProject(), { withoutAuth: 'src/main.tsx:4' });
  const { authConfig: _, ...alone } = project;
  expect(checkPlainProvider({ project: cleanProject() })).toEqual([]);
  expect(
    [project, alone, withPackage(project, 'clerk-convex-resilience', '^0.1.0', '0.1.0')].map((each) =>
      checkPlainProvider({ project: each }),
    ),
  ).toMatchObject([
    [
      {
        severity: 'error',
        at: 'src/main.tsx:4',
        args: { seen: 'ConvexProvider', expected: 'ConvexProviderWithClerk' },
      },
    ],
    [{ severity: 'warning' }],
    [{ severity: 'error', args: { expected: 'ConvexClerkProvider' } }],
  ]);
});
