import { describe, expect, it } from 'vitest';
import type { Framework, ProjectEvidence } from '../../evidence.ts';
import { checkPublishableKeyInEnv } from './checkPublishableKeyInEnv.ts';
import { cleanProject, publishableKey, publishableKeyFor, secretKey, withSource } from './testProject.ts';

const found = (project: ProjectEvidence) =>
  checkPublishableKeyInEnv({ project }).map(({ code, args, at }) => ({ code, args, at }));

/** With only these variables, and with code that reads those. */
function project(framework: Framework, env: Record<string, string>, readsEnv: readonly string[] = []): ProjectEvidence {
  const variables = Object.entries(env).map(([name, value], i) => ({ name, value, at: `.env:${i + 1}` }));
  return withSource({ ...cleanProject(framework), env: variables }, { readsEnv });
}
const vite = 'VITE_CLERK_PUBLISHABLE_KEY';
const next = 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY';
const expo = 'EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY';
const bare = 'CLERK_PUBLISHABLE_KEY';

describe('the publishable key', () => {
  it.each<[string, ProjectEvidence, readonly string[]]>([
    ['is not needed where nothing reads it', project('vite', {}), []],
    ['is needed where the code reads it', project('vite', {}, [vite]), ['PUBLISHABLE_KEY_MISSING']],
    ['is needed by Clerk’s package for Next.js', project('next', {}), ['PUBLISHABLE_KEY_MISSING']],
    ['is needed by Clerk’s package for Expo', project('expo', {}), ['PUBLISHABLE_KEY_MISSING']],
    ['is needed by Clerk’s package for TanStack Start', project('tanstack-start', {}), ['PUBLISHABLE_KEY_MISSING']],
    ['is missing where it is blank', project('vite', { [vite]: '' }, [vite]), ['PUBLISHABLE_KEY_MISSING']],
    [
      'may have any name that the code reads',
      project('vite', { VITE_MY_CLERK_PUBLISHABLE: publishableKey }, ['VITE_MY_CLERK_PUBLISHABLE']),
      [],
    ],
    ['may have the second name that the code reads', project('vite', { [next]: publishableKey }, [vite, next]), []],
    ['is not Stripe’s', project('vite', {}, ['VITE_STRIPE_PUBLISHABLE_KEY']), []],
    [
      'is found where the browser cannot read it',
      project('next', { [bare]: publishableKey }),
      ['PUBLISHABLE_KEY_NOT_EXPOSED'],
    ],
    [
      'is found under another framework’s name',
      project('expo', { [next]: publishableKey }, [expo]),
      ['PUBLISHABLE_KEY_NOT_EXPOSED'],
    ],
    [
      'is found under any name by its value',
      project('vite', { VITE_KEY: publishableKey }, [vite]),
      ['PUBLISHABLE_KEY_NOT_EXPOSED'],
    ],
    [
      'is kept from the browser though its code reads it',
      project('vite', { [bare]: publishableKey }, [bare]),
      ['PUBLISHABLE_KEY_NOT_EXPOSED'],
    ],
    ['may be read by a server, which hands it on', project('next', { [bare]: publishableKey }, [bare]), []],
    ['may be read by TanStack Start’s server', project('tanstack-start', { [bare]: publishableKey }), []],
    ['is malformed', project('vite', { [vite]: 'pk_test_oops' }, [vite]), ['PUBLISHABLE_KEY_MALFORMED']],
    ['is in quotes', project('vite', { [vite]: `"${publishableKey}"` }, [vite]), ['PUBLISHABLE_KEY_MALFORMED']],
    [
      'is hidden and malformed',
      project('vite', { [bare]: 'pk_test_oops' }, [vite]),
      ['PUBLISHABLE_KEY_NOT_EXPOSED', 'PUBLISHABLE_KEY_MALFORMED'],
    ],
    ['is a secret key, which has a finding of its own', project('vite', { [vite]: secretKey }, [vite]), []],
    [
      'is a secret key that the browser cannot read',
      project('next', { [bare]: secretKey }, [bare]),
      ['PUBLISHABLE_KEY_MALFORMED'],
    ],
    [
      'is a production key',
      { ...project('next', { [next]: publishableKeyFor('clerk.example.com', 'live') }), isProduction: true },
      [],
    ],
    [
      'is a development key in production',
      { ...project('next', { [next]: publishableKey }), isProduction: true },
      ['TEST_KEY_IN_PRODUCTION'],
    ],
    [
      'is a malformed development key in production',
      { ...project('next', { [next]: 'pk_test_oops' }), isProduction: true },
      ['PUBLISHABLE_KEY_MALFORMED', 'TEST_KEY_IN_PRODUCTION'],
    ],
  ])('%s', (_name, evidence, expected) => {
    expect(found(evidence).map(({ code }) => code)).toEqual(expected);
  });

  it.each<[string, Framework, readonly string[]]>([
    ['Vite’s config', 'vite', [bare]],
    ['Expo’s config', 'expo', []],
    ['a layout of Next.js', 'next', []],
  ])('may have any name that %s hands on to the browser', (_name, framework, readsEnv) => {
    const evidence = project(framework, { [bare]: publishableKey }, readsEnv);
    expect(found(withSource(evidence, { handedOn: [bare] }))).toEqual([]);
    const wrong = project(framework, { [bare]: 'pk_test_oops' }, readsEnv);
    expect(found(withSource(wrong, { handedOn: [bare] })).map(({ code }) => code)).toEqual([
      'PUBLISHABLE_KEY_MALFORMED',
    ]);
    // A server may read one that is not there: the other is what the browser gets.
    const other = project('next', { [next]: publishableKey });
    expect(found(withSource(other, { handedOn: [bare] }))).toEqual([]);
  });

  it('may be written out, and counts before any variable', () => {
    const written = (value: string) =>
      withSource(project('next', { [next]: 'pk_test_oops' }, [next]), {
        writtenKey: { name: 'publishableKey', value, at: 'app/layout.tsx:3' },
      });
    expect(found(written(publishableKey))).toEqual([]);
    // One that somebody has made up for a test is no reason to overlook the variable.
    expect(found(written('pk_test_fake')).map(({ args }) => args)).toEqual([
      { name: next, seen: 'pk_test_… (12 characters)' },
    ]);
  });

  it('is named as the framework wants it', () => {
    expect(found(project('expo', { CONVEX_DEPLOYMENT: 'dev:happy-otter-123' }))).toEqual([
      { code: 'PUBLISHABLE_KEY_MISSING', args: { name: expo }, at: undefined },
    ]);
    expect(found(project('next', { [bare]: '' }, [bare]))).toEqual([
      { code: 'PUBLISHABLE_KEY_MISSING', args: { name: bare }, at: '.env:1' },
    ]);
    expect(found(project('vite', { [bare]: publishableKey }, [bare]))).toEqual([
      { code: 'PUBLISHABLE_KEY_NOT_EXPOSED', args: { seen: bare, expected: vite }, at: '.env:1' },
    ]);
  });

  it('is shown by its prefix and length', () => {
    expect(found(project('vite', { [vite]: 'pk_test_oops' }, [vite]))).toEqual([
      { code: 'PUBLISHABLE_KEY_MALFORMED', args: { name: vite, seen: 'pk_test_… (12 characters)' }, at: '.env:1' },
    ]);
  });

  it('says which file is production’s', () => {
    const evidence = { ...project('next', { [next]: publishableKey }), isProduction: true };
    expect(found(evidence)[0]?.args).toEqual({ name: next, where: '.env' });
    const ofProcess = { ...evidence, env: evidence.env.map(({ name, value }) => ({ name, value })) };
    expect(found(ofProcess)[0]?.args).toEqual({ name: next, where: 'process.env' });
  });

  it('is a development key in a file for production, which is not read today', () => {
    const testKey = { name: next, at: '.env.production:2' };
    const evidence = {
      ...project('next', { [next]: publishableKey }),
      envFiles: [{ file: '.env.production', hasSecrets: false, testKey }],
    };
    const expected = {
      code: 'TEST_KEY_IN_PRODUCTION',
      args: { name: next, where: '.env.production' },
      at: '.env.production:2',
    };
    expect(found(evidence)).toEqual([expected]);
    // Today it is read, and what counts is told once.
    expect(found({ ...evidence, isProduction: true })).toHaveLength(1);
    const live = project('next', { [next]: publishableKeyFor('clerk.example.com', 'live') });
    expect(found({ ...live, envFiles: evidence.envFiles, isProduction: true })).toEqual([]);
  });
});
