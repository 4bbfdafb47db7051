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

export const cleanCases = (): readonly Case[] =>
  cleanProjects.flatMap((project) => [caseOf(project, true), caseOf(project, false)]);

/** Every mutation in every project that it fits; in a repository where it matters, since asking git takes as long as all else. */
export const singleCases = (): readonly Case[] =>
  cleanProjects.flatMap((project) =>
    mutations.filter(fits(project)).map((mutation) => caseOf(project, mutation.parts.includes('git'), mutation)),
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
    if (first === second || first.parts.some((part) => second.parts.includes(part))) continue;
    const pair = caseOf(project, true, first, second);
    found.set(pair.name, pair);
  }
  return [...found.values()];
}

export function draftFor({ project, inGit, mutations: wrong }: Case): Draft {
  const draft = draftOf(project);
  draft.inGit = inGit;
  for (const { make } of wrong) make(draft);
  return draft;
}
