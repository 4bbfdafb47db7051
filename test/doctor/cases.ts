import type { FindingCode } from 'clerk-convex-resilience/diagnosis';
import { createRandom, pick } from '../support/random.ts';
import { type Draft, draftOf, type Mutation } from './Draft.ts';
import { mutations } from './mutations.ts';
import { cleanProjects } from './projects/all.ts';
import type { CleanProject } from './projects/CleanProject.ts';

/** A project, what is wrong with it, and what must be said of it. */
export interface Case {
  readonly name: string;
  readonly project: CleanProject;
  readonly mutations: readonly Mutation[];
  readonly expected: ReadonlySet<FindingCode>;
  readonly inGit: boolean;
}

const caseOf = (project: CleanProject, inGit: boolean, ...wrong: readonly Mutation[]): Case => ({
  name: [`${project.name}${inGit ? '' : ' without git'}`, ...wrong.map(({ name }) => name)].join(': '),
  project,
  inGit,
  mutations: wrong,
  expected: new Set(
    wrong.flatMap((one) =>
      one.codes.filter((code) => !wrong.some((other) => other !== one && other.hides?.(project).includes(code))),
    ),
  ),
});

const fits = (project: CleanProject) => (mutation: Mutation) => mutation.fits?.(project) ?? true;

const isAboutGit = ({ parts }: Mutation): boolean => parts.includes('git');
const goTogether = (first: Mutation, second: Mutation): boolean =>
  !first.parts.some((part) => second.parts.includes(part));

export const cleanCases = (): readonly Case[] =>
  cleanProjects.flatMap((project) => [caseOf(project, true), caseOf(project, false)]);

/** Every mutation in every project that it fits; in a repository where it matters, since asking git takes as long as all else. */
export const singleCases = (): readonly Case[] =>
  cleanProjects.flatMap((project) =>
    mutations.filter(fits(project)).map((mutation) => caseOf(project, isAboutGit(mutation), mutation)),
  );

/** Two things wrong at once, neither of which is a part of the other. The same seed gives the same pairs. */
export function pairCases(seed: number, count: number): readonly Case[] {
  const random = createRandom(seed);
  const found = new Map<string, Case>();
  while (found.size < count) {
    const project = pick(random, cleanProjects);
    const fitting = mutations.filter(fits(project));
    const first = pick(random, fitting);
    const second = pick(random, fitting);
    if (first === second || !goTogether(first, second)) continue;
    const pair = caseOf(project, true, first, second);
    found.set(pair.name, pair);
  }
  return [...found.values()];
}

/** Every such pair in every project: about 27,000, some ten minutes. */
export const allPairs = (): readonly Case[] =>
  cleanProjects.flatMap((project) => {
    const fitting = mutations.filter(fits(project));
    return fitting.flatMap((first, index) =>
      fitting
        .slice(index + 1)
        .filter((second) => goTogether(first, second))
        .map((second) => caseOf(project, isAboutGit(first) || isAboutGit(second), first, second)),
    );
  });

export function draftFor({ project, inGit, mutations: wrong }: Case): Draft {
  const draft = draftOf(project);
  draft.inGit = inGit;
  for (const { make } of wrong) make(draft);
  return draft;
}
