import type { Check } from '../../check.ts';
import { checkAuthConfig } from './checkAuthConfig.ts';
import { checkConvexUrlInEnv } from './checkConvexUrlInEnv.ts';
import { checkIssuer } from './checkIssuer.ts';
import { checkMiddleware } from './checkMiddleware.ts';
import { checkDeprecatedClerk, checkDuplicates, checkVersions } from './checkPackages.ts';
import { checkPlainProvider, checkProviders } from './checkProviders.ts';
import { checkPublishableKeyInEnv } from './checkPublishableKeyInEnv.ts';
import { checkPublicVariables, checkSecretKey, checkSecretKeyInConvex } from './checkSecretKey.ts';
import { checkStaleBuild } from './checkStaleBuild.ts';
import { checkTemplates } from './checkTemplates.ts';
import { checkTrackedSecrets } from './checkTrackedSecrets.ts';
import { checkUsersTable } from './checkUsersTable.ts';
import { checkWebhookRoute, checkWebhookSecrets } from './checkWebhooks.ts';

/** What a project's files tell. Each looks at one thing, and none at what another has found: two mistakes give two findings. */
export const projectChecks: readonly Check[] = [
  checkAuthConfig,
  checkIssuer,
  checkPublishableKeyInEnv,
  checkSecretKey,
  checkSecretKeyInConvex,
  checkPublicVariables,
  checkTrackedSecrets,
  checkConvexUrlInEnv,
  checkUsersTable,
  checkWebhookSecrets,
  checkWebhookRoute,
  checkMiddleware,
  checkVersions,
  checkDeprecatedClerk,
  checkDuplicates,
  checkStaleBuild,
  checkProviders,
  checkPlainProvider,
  checkTemplates,
];
