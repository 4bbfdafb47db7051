import { describe, expect, it } from 'vitest';
import { runChecks } from '../../diagnose.ts';
import type { Framework, ProjectEvidence } from '../../evidence.ts';
import { findingCodes } from '../../findings.ts';
import { projectChecks } from './projectChecks.ts';
import { type Mistake, mistakes } from './testMistakes.ts';
import { cleanProject, frameworks, withoutDeployment } from './testProject.ts';

const findingsIn = (project: ProjectEvidence) => runChecks(projectChecks, { project });
const codesIn = (project: ProjectEvidence) =>
  findingsIn(project)
    .map(({ code }) => code)
    .sort();
const possible = (framework: Framework): readonly Mistake[] =>
  mistakes.filter(({ where }) => where?.(framework) ?? true);

describe.each(frameworks)('a project with %s', (framework) => {
  const clean = cleanProject(framework);

  it('has no finding when nothing is wrong with it', () => {
    expect(findingsIn(clean)).toEqual([]);
  });

  it('has no finding when nothing is wrong and the deployment cannot be asked', () => {
    expect(findingsIn(withoutDeployment(clean))).toEqual([]);
  });

  it.each(possible(framework).map((mistake) => [mistake.code, mistake.how, mistake] as const))(
    'has exactly %s (%s)',
    (code, _how, { make }) => {
      expect(codesIn(make(clean))).toEqual([code]);
    },
  );

  it('has both findings of any two mistakes, in whichever order they were made', () => {
    const wrong = pairs(possible(framework)).flatMap(([one, other]) => {
      const expected = [one.code, other.code].sort();
      const found = codesIn(other.make(one.make(clean)));
      return JSON.stringify(found) === JSON.stringify(expected)
        ? []
        : [{ one: `${one.code}, ${one.how}`, other: `${other.code}, ${other.how}`, found }];
    });
    expect(wrong).toEqual([]);
  });
});

it('finds nothing where no project was looked at', () => {
  expect(runChecks(projectChecks, {})).toEqual([]);
});

it('says where, except of what is in no file', () => {
  const placeless = frameworks.flatMap((framework) =>
    possible(framework).flatMap(({ make }) =>
      findingsIn(make(cleanProject(framework)))
        .filter(({ at }) => at === undefined)
        .map(({ code }) => code),
    ),
  );
  expect([...new Set(placeless)].sort()).toEqual([
    'AUTH_CONFIG_MISSING',
    'CLERK_REACT_DEPRECATED',
    'CONVEX_DUPLICATED',
    'CONVEX_URL_MISSING',
    'MIDDLEWARE_MISSING',
    'PUBLISHABLE_KEY_MISSING',
    'REACT_DUPLICATED',
    'SECRET_KEY_MISSING',
    'VERSION_UNSUPPORTED',
  ]);
});

it('makes a mistake for every code that a project can have', () => {
  const ofElsewhere =
    /^(JWT_TEMPLATE_MIS|TOKEN_|CLOCK|IDENTITY_|FRONTEND_|CAPTIVE|ORIGIN|CLERK_JS|THIRD_|CLERK_INC|STALE_CLERK|FUNCTION_)|NOT_DEPLOYED|REFUSED|UNREACHABLE|FAILING/;
  const made = new Set(mistakes.map(({ code }) => code));
  expect([...made].sort()).toEqual(findingCodes.filter((code) => !ofElsewhere.test(code)).sort());
});

/** Every two that can be made together and told apart, both ways round. */
function pairs(all: readonly Mistake[]): readonly (readonly [Mistake, Mistake])[] {
  return all.flatMap((one) =>
    all
      .filter((other) => other !== one && !other.touches.some((word) => one.touches.includes(word)))
      .map((other) => [one, other] as const),
  );
}
