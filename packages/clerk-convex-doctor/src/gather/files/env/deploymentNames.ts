/** Variables by which the Convex CLI knows a deployment (convex 1.48, src/cli/lib/deploymentSelection.ts). */
export const deploymentNames = [
  'CONVEX_DEPLOY_KEY',
  'CONVEX_DEPLOYMENT_TOKEN',
  'CONVEX_DEPLOYMENT',
  'CONVEX_SELF_HOSTED_URL',
  'CONVEX_SELF_HOSTED_ADMIN_KEY',
] as const;

/** Is that enough for the CLI? A self-hosted deployment is known by two of them. */
export const namesDeployment = (values: Readonly<Record<string, string>>): boolean =>
  deploymentNames.slice(0, 3).some((name) => values[name]) || deploymentNames.slice(3).every((name) => values[name]);
