import { Webhook } from 'standardwebhooks';
import { checkWebhookSecret, webhookSecretsInEnv } from '../../config/webhookSecret.ts';
import { AuthResilienceError } from '../../core/errors.ts';

/** One secret, or several during a rotation. Empty ones are skipped: an environment variable that is not set yet. */
export type WebhookSecrets = string | readonly (string | undefined)[];

/** Keys that can verify, or what is wrong with the secrets. */
export type KeysOrProblem = readonly Webhook[] | string;

/**
 * A malformed secret that was given throws at once; one that is missing, or malformed in the environment, is told at each
 * request, because a build imports routes without their environment (Next.js does).
 */
export function createKeyReader(secrets: WebhookSecrets | undefined): () => KeysOrProblem {
  if (secrets === undefined) return () => keysOf(webhookSecretsInEnv());
  const given = [secrets].flat().filter((secret) => secret !== undefined && secret !== '');
  const keys = keysOf(given);
  if (typeof keys === 'string' && given.length > 0) throw new AuthResilienceError('invalid_option', keys);
  return () => keys;
}

function keysOf(secrets: readonly unknown[]): KeysOrProblem {
  // None is one that is missing.
  for (const secret of secrets.length > 0 ? secrets : ['']) {
    const problem = checkWebhookSecret(secret);
    if (problem) return problem.message;
  }
  return secrets.map((secret) => new Webhook(secret as string));
}
