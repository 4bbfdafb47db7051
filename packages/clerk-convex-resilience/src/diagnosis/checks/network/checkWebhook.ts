import type { Check } from '../../check.ts';
import type { HostAnswer, NetworkEvidence } from '../../evidence.ts';
import { type Finding, finding } from '../../findings.ts';
import { show } from '../show.ts';

/** What the webhook's endpoint answers to a delivery that nobody has signed: 400 is what a handler says that looks. */
export const checkWebhook: Check = ({ network }) => (network?.webhook ? judgeWebhook(network.webhook) : []);

function judgeWebhook(answer: NonNullable<NetworkEvidence['webhook']>): readonly Finding[] {
  const { fault, reason, status } = answer;
  const url = show(answer.url);
  if (fault !== undefined) return [finding('WEBHOOK_UNREACHABLE', { url, reason: show(reason ?? fault) })];
  if (status === undefined) return [];
  // This library's own handler, which tells its caller no more (server/webhooks/answers.ts).
  if (answer.code === 'not_configured') {
    return [finding('WEBHOOK_SECRET_MISSING', { name: 'CLERK_WEBHOOK_SIGNING_SECRET' })];
  }
  if (status === 404) return [finding('WEBHOOK_ROUTE_MISSING', { expected: url, status })];
  if (status === 405) return [finding('WEBHOOK_METHOD_REFUSED', { url })];
  if (status === 401 || status === 403 || isToSignIn(answer)) {
    return [finding('WEBHOOK_ROUTE_PROTECTED', { url, status })];
  }
  if (status >= 400 && status < 500) return [];
  // Svix follows no redirect (docs.svix.com/receiving): it is an answer that is not 2xx, as a 5xx is.
  const location = status >= 300 && status < 400 ? target(answer) : undefined;
  return [finding('WEBHOOK_ENDPOINT_FAILING', { url, status, ...(location !== undefined && { location }) })];
}

/** Where a redirect leads, without what may be secret in a query. */
function target({ url, location }: { readonly url: string; readonly location?: string }): string | undefined {
  if (location === undefined || location.length > 2000) return undefined;
  try {
    const { origin, pathname } = new URL(location, url);
    return show(`${origin}${pathname}`);
  } catch {
    return undefined;
  }
}

/** clerkMiddleware sends whoever is nobody to a page for sign-in, or to the Frontend API for a handshake. */
const isToSignIn = ({ status = 0, location = '' }: HostAnswer): boolean =>
  status >= 300 &&
  status < 400 &&
  /sign[-_]?in\b|log[-_]?in\b|\/client\/handshake|\/\/accounts\.|\.accounts\.dev\b/i.test(location.slice(0, 2000));
