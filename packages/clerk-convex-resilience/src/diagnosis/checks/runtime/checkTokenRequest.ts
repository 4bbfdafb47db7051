import type { Check } from '../../check.ts';
import { finding } from '../../findings.ts';
import { frontendApiOf } from '../issuers.ts';
import { show } from '../show.ts';

/** What Clerk said when a token was asked for (codes: core/clerkErrors.ts). */
export const checkTokenRequest: Check = ({ runtime }) => {
  const { tokenRequest, origin, publishableKey } = runtime ?? {};
  // clerk-js asks sessions/:id/tokens/:template: what is not found is the template. Without one it would be the session.
  if (tokenRequest?.code === 'resource_not_found' && tokenRequest.template) {
    const frontendApi = frontendApiOf(publishableKey);
    return [finding('JWT_TEMPLATE_MISSING', { ...(frontendApi && { frontendApi: show(frontendApi) }) })];
  }
  if (tokenRequest?.code === 'origin_invalid') {
    return [finding('ORIGIN_NOT_ALLOWED', { ...(origin !== undefined && { origin: show(origin) }) })];
  }
  return [];
};
