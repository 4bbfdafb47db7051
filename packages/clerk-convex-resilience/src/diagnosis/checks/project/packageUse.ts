import type { PackageEvidence, ProjectEvidence } from '../../evidence.ts';

export const packageOf = ({ packages }: ProjectEvidence, name: string): PackageEvidence | undefined =>
  Object.hasOwn(packages, name) ? packages[name] : undefined;

/** Clerk's packages that take the publishable key and, on a server, the secret key from the environment by themselves. */
const integrations = {
  next: ['@clerk/nextjs'],
  'tanstack-start': ['@clerk/tanstack-react-start', '@clerk/tanstack-start'],
  expo: ['@clerk/expo', '@clerk/clerk-expo'],
  vite: [],
  plain: [],
} as const;

/** Does the app ask for Clerk's own package for its framework? */
export const usesClerkIntegration = (project: ProjectEvidence): boolean =>
  integrations[project.framework].some((name) => packageOf(project, name)?.wanted !== undefined);

/** Does the app have a server on which Clerk's package for the framework runs? */
export const usesClerkOnServer = (project: ProjectEvidence): boolean =>
  project.framework !== 'expo' && usesClerkIntegration(project);
