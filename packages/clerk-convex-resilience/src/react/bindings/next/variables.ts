import type { SettingVariables } from '../../findingsOfProblems.ts';

/** What Next.js calls the settings: only names with that prefix reach the browser. */
export const variables: SettingVariables = {
  publishableKey: 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
  convexUrl: 'NEXT_PUBLIC_CONVEX_URL',
};
