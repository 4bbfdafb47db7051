import { checkWebhookSecret } from '../../../config/webhookSecret.ts';
import type { Evidence, ProjectEvidence, WebhookEvidence } from '../../evidence.ts';
import type { Finding } from '../../findings.ts';
import { redactSecret } from '../../redact.ts';
import { tellMissing } from './missing.ts';
import { onProject } from './onProject.ts';
import { tell } from './tell.ts';
import { appVariable, blankVariable, convexVariable, isMissingInConvex } from './variables.ts';

/**
 * The signing secret of each webhook handler, where that runs: an app's in its env files, a Convex function's in the
 * deployment, under the same rule as the issuer (`isMissingInConvex`). Of an app that runs elsewhere the host may have it: an
 * error is only a line that leaves it blank, or what the endpoint says of itself. Handlers that share a secret share a finding.
 */
export const checkWebhookSecrets = onProject((project, evidence) => {
  const told = new Map<string, Finding>();
  for (const handler of project.webhook.handlers) {
    for (const found of secretOf(project, evidence, handler)) {
      const key = JSON.stringify([found.code, found.args, handler.runsIn]);
      if (!told.has(key)) told.set(key, found);
    }
  }
  return [...told.values()];
});

function secretOf(
  project: ProjectEvidence,
  evidence: Evidence,
  handler: WebhookEvidence['handlers'][number],
): readonly Finding[] {
  const { secretNames, runsIn, at } = handler;
  const [name] = secretNames;
  if (name === undefined) return [];
  const variable = (runsIn === 'convex' ? convexVariable : appVariable)(project, secretNames);
  if (variable) {
    // Several, while one replaces the other, are separated by commas or spaces.
    const secrets = variable.value.match(/[^\s,]+/g) ?? [''];
    return secrets
      .filter((secret) => checkWebhookSecret(secret) !== null)
      .map((secret) =>
        tell('WEBHOOK_SECRET_MALFORMED', { name: variable.name, seen: redactSecret(secret) }, variable.at ?? at),
      );
  }
  if (runsIn === 'convex' && !isMissingInConvex(project, secretNames)) return [];
  const isDeployed = runsIn === 'convex' && project.deploymentEnv !== undefined;
  const blank = isDeployed ? undefined : blankVariable(project, secretNames);
  const isSure = isDeployed || blank !== undefined;
  return [tellMissing(evidence, 'WEBHOOK_SECRET_MISSING', name, { at: blank?.at ?? at, isSure })];
}

/** The way to the webhook handler: a route leads to it and takes POST, and no middleware asks Clerk's server to sign in. */
export const checkWebhookRoute = onProject(({ webhook }) => {
  const { routeMissing, refusesPost, protectedBy, path, handlers } = webhook;
  const at = handlers[0]?.at;
  const isInApp = handlers.some(({ runsIn }) => runsIn === 'app');
  const url = path ?? at ?? protectedBy ?? '';
  return [
    ...(routeMissing === undefined
      ? []
      : [tell('WEBHOOK_ROUTE_MISSING', { expected: routeMissing, ...(isInApp && { isInApp }) }, at)]),
    ...(refusesPost === undefined ? [] : [tell('WEBHOOK_METHOD_REFUSED', { url }, refusesPost)]),
    ...(protectedBy === undefined ? [] : [tell('WEBHOOK_ROUTE_PROTECTED', { url }, protectedBy)]),
  ];
});
