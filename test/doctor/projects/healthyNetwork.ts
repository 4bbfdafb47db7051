import type { NetworkEvidence } from 'clerk-convex-resilience/diagnosis';
import { convexSite, convexUrl, deployment, host, issuer } from './instance.ts';

const json = 'application/json';

/** What every service answers while all is well. `webhookUrl`: where the app takes webhooks. */
export const healthyNetwork = (webhookUrl = `${convexSite}/clerk-users-webhook`): NetworkEvidence => ({
  frontendApi: { host, status: 200, contentType: json, isGenuine: true },
  identityProvider: { host, issuer, status: 200, contentType: json, isGenuine: true },
  convex: {
    host: `${deployment}.convex.cloud`,
    url: convexUrl,
    status: 200,
    contentType: 'text/plain',
    isGenuine: true,
  },
  // A delivery without a signature is refused.
  webhook: { host: new URL(webhookUrl).host, url: webhookUrl, status: 400, contentType: json, isGenuine: true },
  backendApi: {
    status: 200,
    templates: [{ name: 'convex', lifetime: 60, aud: 'convex' }],
    sameInstance: true,
  },
  incidents: [],
  clockAheadMs: 120,
});
