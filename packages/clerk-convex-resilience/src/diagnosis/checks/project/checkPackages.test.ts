import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { supported } from '../supported.ts';
import { checkDeprecatedClerk, checkDuplicates, checkVersions } from './checkPackages.ts';
import { cleanProject, withPackage } from './testProject.ts';

const clean = cleanProject();
const withLibrary = withPackage(clean, 'clerk-convex-resilience', '^0.1.0', '0.1.0');

it('supports what package.json has as peers, and nothing else', () => {
  const file = new URL('../../../../package.json', import.meta.url);
  const { peerDependencies } = JSON.parse(readFileSync(file, 'utf8')) as { peerDependencies: Record<string, string> };
  const inProjects = supported.filter(({ isOfPage, isOfFramework }) => !isOfPage && !isOfFramework);
  expect(Object.fromEntries(inProjects.map(({ name, range }) => [name, range]))).toEqual(peerDependencies);
});

describe('a version', () => {
  it.each<[string, string | undefined, readonly string[], string | null]>([
    ['convex', '^1.25.0', ['1.25.0'], null],
    ['convex', '^1.48.0', ['1.99.3'], null],
    ['convex', '^1.20.0', ['1.24.9'], '1.24.9'],
    // What it asks for may be installed as one that is new enough.
    ['convex', '^1.20.0', ['1.48.0'], null],
    ['convex', '^1.20.0', [], null],
    ['convex', '1.20.0', [], '1.20.0'],
    ['convex', '~1.24.0', ['1.48.0'], '~1.24.0'],
    ['convex', '^2.0.0', [], '^2.0.0'],
    ['convex', 'latest', ['2.0.1'], '2.0.1'],
    ['convex', 'catalog:', ['1.48.0'], null],
    ['convex', '>=1.0.0', [], null],
    ['convex', undefined, ['1.24.0'], '1.24.0'],
    ['convex', undefined, [], null],
    ['react', '^17.0.2', ['17.0.2'], '^17.0.2'],
    ['react', '17.x', [], '17.x'],
    ['react', '^17.0.2 || ^18.0.0', ['18.3.1'], null],
    ['react', '^18', ['18.0.0'], null],
    ['react', '19.0.0-rc.1', ['19.0.0-rc.1'], null],
    ['react', '0.0.0-experimental-a1b2c3-20260101', ['0.0.0-experimental-a1b2c3-20260101'], null],
    ['react', '^19.1.0', ['19.1.4'], null],
    ['react', '^20.0.0', ['20.0.0'], '^20.0.0'],
    // An older copy is another finding.
    ['react', '^19.1.0', ['17.0.2', '19.1.4'], null],
    ['react', 'workspace:*', ['17.0.2', '18.3.1'], null],
    ['react', '^17.0.0', ['17.0.2', '18.3.1'], '^17.0.0'],
    ['react', '^17.0.0 || ^18.0.0', ['17.0.2', '19.0.0'], '17.0.2'],
    ['@clerk/clerk-react', '^5.0.0', ['5.61.11'], null],
    ['@clerk/clerk-react', '^4.32.0', ['4.32.5'], '^4.32.0'],
    ['@clerk/react', '5.54.0', ['5.54.0'], '5.54.0'],
    ['@clerk/react', '^6.0.0', ['6.18.2'], null],
    ['@clerk/nextjs', '^5.7.0', ['5.7.6'], '^5.7.0'],
    ['@clerk/nextjs', '^6.0.0', ['6.39.0'], null],
    ['@clerk/nextjs', '^7.0.0', ['7.9.17'], null],
    ['@clerk/nextjs', '^8.0.0', [], '^8.0.0'],
    ['@clerk/backend', '^1.34.0', ['1.34.0'], '^1.34.0'],
    ['@clerk/backend', '^3.0.0', ['3.25.0'], null],
    // Other packages of Clerk bring along the one that they need.
    ['@clerk/backend', undefined, ['1.34.0'], null],
    ['next', '^14.2.0', ['14.2.30'], '^14.2.0'],
    ['next', '~15.1.0', ['15.1.9'], '~15.1.0'],
    ['next', '15.2.8', ['15.2.8'], null],
    ['next', '^16.0.0', ['16.4.6'], null],
    // What another package brings is not what the app runs on.
    ['next', undefined, ['14.2.3'], null],
    ['@clerk/clerk-expo', '^0.20.0', ['0.20.3'], '^0.20.0'],
    ['@clerk/clerk-expo', '^2.19.0', ['2.20.1'], null],
    ['@clerk/expo', '^4.6.0', ['4.6.6'], null],
    ['@clerk/expo', '^5.0.0', [], '^5.0.0'],
    ['@clerk/expo', undefined, ['5.0.0'], null],
    ['@clerk/tanstack-react-start', '^0.29.0', ['0.29.1'], null],
    ['@clerk/tanstack-react-start', '^2.0.0', [], '^2.0.0'],
    // React says the same.
    ['react-dom', '^17.0.2', ['17.0.2'], null],
  ])('of %s, asked for as %s, installed as %j: %s', (name, wanted, installed, expected) => {
    const found = checkVersions({ project: withPackage(withLibrary, name, wanted, ...installed) });
    expect(found.map(({ args }) => args)).toEqual(
      expected === null
        ? []
        : [{ name, seen: expected, expected: supported.find((each) => each.name === name)?.range }],
    );
  });
});

it('leaves @clerk/backend alone in an app without this library: Clerk’s own packages run with version 1', () => {
  const project = withPackage(clean, '@clerk/backend', '^1.34.0', '1.34.0');
  expect(checkVersions({ project })).toEqual([]);
});

it('notes a version, and calls nothing wrong, in an app without this library', () => {
  const severity = (project: typeof clean) =>
    checkVersions({ project: withPackage(project, 'convex', '1.20.0') }).map((each) => each.severity);
  expect([severity(clean), severity(withLibrary)]).toEqual([['info'], ['warning']]);
});

describe('@clerk/clerk-react', () => {
  it.each<[string, string | undefined, readonly string[], string | null]>([
    ['is deprecated', '^5.0.0', ['5.61.11'], '5.61.11'],
    ['is deprecated before it is installed', '^5.0.0', [], '^5.0.0'],
    ['is brought along by another package', undefined, ['5.61.11'], null],
    ['is not supported any more, which is enough', '^4.0.0', ['4.32.5'], null],
  ])('%s', (_name, wanted, installed, version) => {
    const project = withPackage(clean, '@clerk/clerk-react', wanted, ...installed);
    expect(checkDeprecatedClerk({ project }).map(({ args }) => args)).toEqual(version === null ? [] : [{ version }]);
  });
});

describe('copies', () => {
  it.each<[string, readonly string[], string | null]>([
    ['react', ['19.1.4'], null],
    ['react', [], null],
    ['react', ['19.1.4', '19.1.4'], 'REACT_DUPLICATED'],
    ['react', ['18.3.1', '19.1.4'], 'REACT_DUPLICATED'],
    ['convex', ['1.30.0', '1.48.0'], 'CONVEX_DUPLICATED'],
    ['@clerk/react', ['6.0.0', '6.18.2'], null],
  ])('of %s: %j', (name, installed, code) => {
    const found = checkDuplicates({ project: withPackage(clean, name, '*', ...installed) });
    expect(found.map((each) => [each.code, each.args])).toEqual(
      code === null ? [] : [[code, { versions: installed.join(', ') }]],
    );
  });
});
