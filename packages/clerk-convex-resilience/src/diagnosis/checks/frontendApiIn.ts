import type { Evidence } from '../evidence.ts';
import { frontendApiOf } from './issuers.ts';

/** The publishable keys that the page and the app's environment have. */
export const publishableKeysIn = ({ project, runtime }: Evidence): readonly string[] => {
  const variables = project?.env.filter(({ name }) => name.endsWith('CLERK_PUBLISHABLE_KEY')) ?? [];
  return [runtime?.publishableKey ?? [], variables.map(({ value }) => value)].flat();
};

/** The Frontend API that they name. */
export const frontendApiIn = (evidence: Evidence): string | undefined =>
  publishableKeysIn(evidence)
    .map(frontendApiOf)
    .find((host) => host !== undefined);
