import { describe, expect, it } from 'vitest';
import type { ProjectEvidence } from '../../evidence.ts';
import { checkPublicVariables, checkSecretKey, checkSecretKeyInConvex } from './checkSecretKey.ts';
import {
  cleanProject,
  named,
  publishableKeyFor,
  secretKey,
  withDeployed,
  withEnv,
  withoutDeployment,
  withPackage,
  withSource,
} from './testProject.ts';

const name = 'CLERK_SECRET_KEY';
const liveKey = secretKey.replace('test', 'live');
const vite = cleanProject('vite');
const next = cleanProject('next');

describe('the secret key of the app’s server', () => {
  it.each<[string, ProjectEvidence, readonly string[]]>([
    ['is missing in Next.js', withEnv(next, name, undefined), ['SECRET_KEY_MISSING']],
    ['is missing in TanStack Start', withEnv(cleanProject('tanstack-start'), name, undefined), ['SECRET_KEY_MISSING']],
    ['is not needed in a browser', withEnv(vite, name, undefined), []],
    ['is not needed in a phone', withEnv(cleanProject('expo'), name, undefined), []],
    [
      'is not needed where Next.js is without Clerk’s package',
      withPackage(withEnv(next, name, undefined), '@clerk/nextjs', undefined),
      [],
    ],
    ['is short, as an emulator’s', withEnv(vite, name, 'sk_test_emulator'), []],
    ['is malformed, wherever it is', withEnv(vite, name, 'sk_test_…'), ['SECRET_KEY_MALFORMED']],
    ['is the publishable key', withEnv(next, name, publishableKeyFor('clerk.example.com')), ['SECRET_KEY_MALFORMED']],
    ['is in quotes', withEnv(next, name, `"${secretKey}"`), ['SECRET_KEY_MALFORMED']],
    ['is of production', withEnv(vite, name, liveKey), ['SECRET_KEY_OF_ANOTHER_INSTANCE']],
    [
      'is of production, beside a publishable key that is cut off',
      withEnv(withEnv(vite, name, liveKey), named('vite', 'CLERK_PUBLISHABLE_KEY'), 'pk_test_cut'),
      ['SECRET_KEY_OF_ANOTHER_INSTANCE'],
    ],
    [
      'is of production, as the publishable key is',
      withEnv(
        withEnv(vite, name, liveKey),
        named('vite', 'CLERK_PUBLISHABLE_KEY'),
        publishableKeyFor('clerk.example.com', 'live'),
      ),
      [],
    ],
  ])('%s', (_name, project, expected) => {
    expect(checkSecretKey({ project }).map(({ code }) => code)).toEqual(expected);
  });

  it('is shown by its prefix and length, in its place', () => {
    expect(checkSecretKey({ project: withEnv(next, name, 'sk_test_a-b') })).toEqual([
      expect.objectContaining({ args: { name, seen: 'sk_test_… (11 characters)' }, at: '.env.local:4' }),
    ]);
    expect(checkSecretKey({ project: withEnv(next, name, liveKey) })[0]?.args).toEqual({
      name,
      seen: 'sk_live_…',
      expected: 'sk_test_…',
    });
  });
});

describe('the secret key of Convex’s functions', () => {
  const unread = withSource(vite, { readsClerkSecretKey: [] });
  it.each<[string, ProjectEvidence, readonly string[]]>([
    ['is there', vite, []],
    ['is missing', withDeployed(vite, name, undefined), ['CLERK_SECRET_KEY_MISSING_IN_CONVEX']],
    ['is blank', withDeployed(vite, name, ''), ['CLERK_SECRET_KEY_MISSING_IN_CONVEX']],
    ['is missing, and nothing reads it', withDeployed(unread, name, undefined), []],
    ['is unknown', withEnv(withoutDeployment(vite), name, undefined), []],
    ['is malformed', withDeployed(vite, name, 'oops!'), ['SECRET_KEY_MALFORMED']],
    ['is malformed, and nothing reads it', withDeployed(unread, name, 'oops!'), []],
    ['is of another kind of instance', withDeployed(vite, name, liveKey), ['SECRET_KEY_OF_ANOTHER_INSTANCE']],
  ])('%s', (_name, project, expected) => {
    expect(checkSecretKeyInConvex({ project }).map(({ code }) => code)).toEqual(expected);
  });

  it('is missing in the file that reads it', () => {
    expect(checkSecretKeyInConvex({ project: withDeployed(vite, name, undefined) })).toEqual([
      expect.objectContaining({ args: { file: 'convex/clerk.ts' }, at: 'convex/clerk.ts:7' }),
    ]);
  });
});

describe('a variable that the browser can read', () => {
  it.each<[string, string, boolean]>([
    ['VITE_CLERK_SECRET_KEY', secretKey, true],
    ['VITE_HARMLESS', liveKey, true],
    ['VITE_CLERK_PUBLISHABLE_KEY', secretKey, true],
    ['NEXT_PUBLIC_X', secretKey, true],
    ['EXPO_PUBLIC_X', secretKey, true],
    ['PUBLIC_X', secretKey, true],
    ['REACT_APP_X', secretKey, true],
    ['VITE_HEADER', `Bearer ${secretKey}`, true],
    ['VITE_CLERK_SECRET_KEY', '', false],
    ['VITE_CLERK_SECRET_KEY', 'sk_test_', false],
    ['VITE_X', 'ask_test_question', false],
    ['CLERK_SECRET_KEY', secretKey, false],
    ['NOT_PUBLIC_X', secretKey, false],
    ['vite_x', secretKey, false],
  ])('%s', (variable, value, isOpen) => {
    const found = checkPublicVariables({ project: withEnv({ ...vite, env: [] }, variable, value) });
    expect(found).toEqual(
      isOpen
        ? [
            expect.objectContaining({
              code: 'SECRET_KEY_IN_PUBLIC_VARIABLE',
              args: { name: variable, seen: expect.stringMatching(/^sk_(test|live)_… \(50 characters\)$/) },
              at: '.env.local:1',
            }),
          ]
        : [],
    );
  });
});
