import type { ConfigProblem } from '../core/health.ts';
import { environment } from './environment.ts';

/** Where the signing secret is looked for, in this order. The first is Clerk's own name (@clerk/backend 3.25 webhooks.ts), the second an older habit. */
const names = ['CLERK_WEBHOOK_SIGNING_SECRET', 'CLERK_WEBHOOK_SECRET'] as const;

/**
 * Null when it can be a signing secret: `whsec_` and base64, or the base64 alone, which standardwebhooks 1.1 takes too.
 * Otherwise what is wrong and what to do. The value is never shown.
 */
export function checkWebhookSecret(value: unknown): ConfigProblem | null {
  // Padded to groups of four, as @stablelib/base64 1.0 insists; most that are cut off are not.
  const isBase64 = /^(whsec_)?([A-Z\d+/]{4})*([A-Z\d+/]{4}|[A-Z\d+/]{3}=|[A-Z\d+/]{2}==)$/i;
  if (typeof value === 'string' && isBase64.test(value)) return null;
  const problem = value ? 'The signing secret is malformed' : 'There is no signing secret';
  return {
    option: 'secrets',
    message: `${problem}. It is whsec_ and base64, on the endpoint's page in Clerk's dashboard: set it as ${names[0]}, or pass it as secrets.`,
  };
}

/**
 * The secrets in the environment, of the first name that is set; several are separated by commas or spaces.
 */
export function webhookSecretsInEnv(): readonly string[] {
  const env = environment();
  return names.map((name) => env[name]?.match(/[^\s,]+/g) ?? []).find((found) => found.length > 0) ?? [];
}
