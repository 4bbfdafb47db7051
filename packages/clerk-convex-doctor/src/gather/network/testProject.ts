import type { ProjectEvidence } from 'clerk-convex-resilience/diagnosis';

/** A project with nothing but these variables. */
export const testProject = (
  env: Readonly<Record<string, string>> = {},
  rest: Partial<ProjectEvidence> = {},
): ProjectEvidence => ({
  framework: 'vite',
  app: '.',
  packages: {},
  env: Object.entries(env).map(([name, value]) => ({ name, value })),
  envFiles: [],
  source: { providers: [], readsClerkSecretKey: [], usesUsersTable: [], readsEnv: [] },
  webhook: { handlers: [] },
  secretsInFiles: [],
  isProduction: false,
  ...rest,
});

/** The publishable key of the instance whose Frontend API is there. */
export const publishableKeyOf = (host: string): string => `pk_test_${Buffer.from(`${host}$`).toString('base64')}`;
