import { describe, expect, it } from 'vitest';
import { runChecks } from '../../diagnose.ts';
import type { Evidence, Framework, LogEvidence, ProjectEvidence } from '../../evidence.ts';
import { projectChecks } from './projectChecks.ts';
import { cleanProject, named, withEnv, withPackage, withSource } from './testProject.ts';

const next = cleanProject('next');
const key = named('next', 'CLERK_PUBLISHABLE_KEY');
const url = named('next', 'CONVEX_URL');
const log: LogEvidence = { tokenFailures: {}, templateNotFound: 0, withoutIdentity: [], refusals: [], codes: [] };

/** Code, severity, and whether the host may have it. */
const found = (evidence: Evidence) =>
  runChecks(projectChecks, evidence).map(({ code, severity, args }) => [code, severity, 'mayBeOnHost' in args]);

/** With no env file, as a project whose host has everything. */
const bare = (framework: Framework): ProjectEvidence => ({ ...cleanProject(framework), env: [], envFiles: [] });

describe('a project of which no file says anything about Clerk or Convex', () => {
  it.each<[Framework, readonly string[]]>([
    ['next', ['PUBLISHABLE_KEY_MISSING', 'SECRET_KEY_MISSING', 'CONVEX_URL_MISSING']],
    ['tanstack-start', ['PUBLISHABLE_KEY_MISSING', 'SECRET_KEY_MISSING', 'CONVEX_URL_MISSING']],
    ['vite', ['PUBLISHABLE_KEY_MISSING', 'CONVEX_URL_MISSING']],
    ['expo', ['PUBLISHABLE_KEY_MISSING', 'CONVEX_URL_MISSING']],
  ])('has warnings alone: %s', (framework, codes) => {
    expect(found({ project: bare(framework) })).toEqual(codes.map((code) => [code, 'warning', true]));
  });

  it('may have variables of others, and what is a machine’s that builds', () => {
    const others = { CONVEX_DEPLOY_KEY: 'prod:x|y', CLERK_TELEMETRY_DISABLED: '1', VITE_OTHER: '1' };
    const project = Object.entries(others).reduce(
      (before, [name, value]) => withEnv(before, name, value),
      bare('vite'),
    );
    expect(found({ project }).every(([, severity]) => severity === 'warning')).toBe(true);
  });

  it.each([
    [key, ''],
    ['CONVEX_DEPLOYMENT', 'dev:happy-otter-123'],
    ['CLERK_SIGN_IN_URL', '/sign-in'],
  ])('has errors as soon as one says %s=%s', (name, value) => {
    expect(found({ project: withEnv(bare('next'), name, value) })).toEqual([
      ['PUBLISHABLE_KEY_MISSING', 'error', false],
      ['SECRET_KEY_MISSING', 'error', false],
      ['CONVEX_URL_MISSING', 'error', false],
    ]);
  });

  it('has errors where its env file is UTF-16, which nothing reads, and they lead to it', () => {
    const utf16 = { file: '.env.local', hasSecrets: false, isUtf16: true as const };
    const project = { ...bare('next'), envFiles: [utf16] };
    expect(
      runChecks(projectChecks, { project }).map(({ code, severity, at, args }) => [code, severity, at, args]),
    ).toEqual(
      [
        ['PUBLISHABLE_KEY_MISSING', key],
        ['SECRET_KEY_MISSING', 'CLERK_SECRET_KEY'],
        ['CONVEX_URL_MISSING', url],
      ].map(([code, name]) => [code, 'error', '.env.local', { name, utf16: '.env.local' }]),
    );
  });

  it('has warnings where one file was asked for, unless a line of it is blank', () => {
    const given = { ...withEnv(bare('next'), 'CLERK_SIGN_IN_URL', '/sign-in'), isOneEnvFile: true as const };
    expect(found({ project: given })).toEqual([
      ['PUBLISHABLE_KEY_MISSING', 'warning', true],
      ['SECRET_KEY_MISSING', 'warning', true],
      ['CONVEX_URL_MISSING', 'warning', true],
    ]);
    expect(found({ project: withEnv(given, url, '') })).toContainEqual(['CONVEX_URL_MISSING', 'error', false]);
  });

  it('has the error that its own log tells', () => {
    expect(found({ project: bare('vite'), log: { ...log, codes: ['CONVEX_URL_MISSING'] } })).toEqual([
      ['CONVEX_URL_MISSING', 'error', false],
      ['PUBLISHABLE_KEY_MISSING', 'warning', true],
    ]);
  });
});

describe('keys that Clerk has made by itself', () => {
  const without = withEnv(withEnv(next, key, undefined), 'CLERK_SECRET_KEY', undefined);
  const keyless = (wanted: string | undefined, ...installed: string[]): ProjectEvidence => ({
    ...withPackage(without, '@clerk/nextjs', wanted, ...installed),
    isKeyless: true,
  });
  const missing = [
    ['PUBLISHABLE_KEY_MISSING', 'error', false],
    ['SECRET_KEY_MISSING', 'error', false],
  ];

  it.each<[string, ProjectEvidence, readonly unknown[]]>([
    ['are enough', keyless('^6.18.0', '6.39.0'), []],
    ['are enough until 7.7', keyless('^7.0.0', '7.7.9'), []],
    ['are enough where nobody knows the version', keyless('latest'), []],
    ['are not read since 7.8', keyless('^7.0.0', '7.8.0'), missing],
    ['are not read since 7.8, not installed yet', keyless('^7.9.0'), missing],
    ['are not read by what comes after', keyless('^7.0.0', '8.0.0-beta.1'), missing],
    ['are for development', { ...keyless('^6.18.0', '6.39.0'), isProduction: true }, missing],
    ['are not there', { ...keyless('^6.18.0', '6.39.0'), isKeyless: false }, missing],
  ])('%s', (_name, project, expected) => {
    const isKey = ([code]: unknown[]) => code !== 'VERSION_UNSUPPORTED';
    expect(found({ project }).filter(isKey)).toEqual(expected);
  });

  it('say nothing of the Convex URL', () => {
    const project = withSource({ ...bare('next'), isKeyless: true }, { readsEnv: [url] });
    expect(found({ project })).toEqual([['CONVEX_URL_MISSING', 'warning', true]]);
  });
});
