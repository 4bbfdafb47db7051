import type { EnvVariable, Framework, ProjectEvidence } from '../../evidence.ts';

const isSet = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';

/** The first of these variables that is set to something, as the app's own code sees it. */
export function appVariable({ env }: ProjectEvidence, names: readonly string[]): EnvVariable | undefined {
  const found = names.map((wanted) => env.find(({ name, value }) => name === wanted && isSet(value)));
  return found.find((variable) => variable !== undefined);
}

/** The line that names one of these variables and leaves it blank. */
export const blankVariable = ({ env }: ProjectEvidence, names: readonly string[]): EnvVariable | undefined =>
  env.find(({ name, value }) => names.includes(name) && !isSet(value));

/**
 * The first of these variables that is set to something, as Convex's functions see it: in the deployment, as far as that
 * could be asked, else in the env files, which then are all that is known.
 */
export function convexVariable(project: ProjectEvidence, names: readonly string[]): EnvVariable | undefined {
  const { deploymentEnv } = project;
  if (!deploymentEnv) return appVariable(project, names);
  const name = names.find((wanted) => Object.hasOwn(deploymentEnv, wanted) && isSet(deploymentEnv[wanted]));
  return name === undefined ? undefined : { name, value: deploymentEnv[name] ?? '' };
}

/**
 * Do Convex's functions lack all of these variables? They are kept in the deployment, so env files that do not name them say
 * nothing. While the deployment cannot be asked, only a line that names one and leaves it blank does.
 */
export function isMissingInConvex(project: ProjectEvidence, names: readonly string[]): boolean {
  if (convexVariable(project, names)) return false;
  return project.deploymentEnv !== undefined || blankVariable(project, names) !== undefined;
}

/** What a variable's name begins with for the bundler to show it to the browser. `plain`: nobody knows which bundler. */
const prefixes: Readonly<Record<Framework, string | null>> = {
  vite: 'VITE_',
  'tanstack-start': 'VITE_',
  next: 'NEXT_PUBLIC_',
  expo: 'EXPO_PUBLIC_',
  plain: null,
};

/** Of every bundler that may be at work here: also SvelteKit and Astro (`PUBLIC_`), Create React App, Gatsby, Nuxt, Vue CLI. */
const isPublicPrefix = /^(?:VITE|(?:NEXT_|EXPO_|NUXT_)?PUBLIC|REACT_APP|GATSBY|VUE_APP)_/;

/** Can a variable of this name reach the browser? */
export const isPublicName = (name: string): boolean => isPublicPrefix.test(name);

/** The name under which the framework shows a variable to the browser: `VITE_CONVEX_URL` for `CONVEX_URL`. */
export const publicName = (framework: Framework, name: string): string => {
  const prefix = prefixes[framework];
  return prefix === null ? name : prefix + name.replace(isPublicPrefix, '');
};
