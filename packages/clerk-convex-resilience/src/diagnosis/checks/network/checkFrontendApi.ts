import type { Check } from '../../check.ts';
import type { HostAnswer } from '../../evidence.ts';
import { type Finding, finding } from '../../findings.ts';
import { hostOf } from '../issuers.ts';
import { proxiesOf } from '../proxiesOf.ts';
import { show } from '../show.ts';
import { isElsewhere, seenOf } from './isElsewhere.ts';

/** The way to Clerk's Frontend API, and who answers there. */
export const checkFrontendApi: Check = ({ network, project }) => {
  const answer = network?.frontendApi;
  if (!answer) return [];
  const proxies = project ? proxiesOf(project) : [];
  const asked = hostOf(answer.host);
  const isProxy = asked !== undefined && proxies.some(({ host }) => host === asked);
  // Behind a proxy nobody asks the host that the key names, and it need not be there.
  return proxies.length > 0 && !isProxy ? [] : judgeFrontendApi(answer, isProxy);
};

function judgeFrontendApi(answer: HostAnswer, isProxy: boolean): readonly Finding[] {
  const { fault, status, isGenuine } = answer;
  const host = show(answer.host);
  const reason = show(answer.reason ?? fault);
  if (fault === 'dns') return [finding('FRONTEND_API_NOT_RESOLVED', { host })];
  if (fault === 'tls') return [finding('FRONTEND_API_TLS_FAULT', { host, reason })];
  if (fault !== undefined) return [finding('FRONTEND_API_UNREACHABLE', { host, reason })];
  if (status === undefined) return [];
  if (answer.isFirewall) return [finding('FRONTEND_API_FAILING', { host, status, isFirewall: true })];
  // Clerk refuses with JSON of its own: a page that says 403 or 404 is somebody else's.
  if (isElsewhere(answer) || (isGenuine === false && status < 500)) {
    // The app itself, where it does not lead its proxy's path to Clerk.
    if (isProxy && status !== 511) {
      return [finding('FRONTEND_API_FAILING', { host, status, isProxy: true }, undefined, 'error')];
    }
    return [finding('CAPTIVE_PORTAL', { host, seen: show(seenOf(answer)) })];
  }
  // What Clerk says of a key with a typing error, or of an application that was deleted: its hosts all resolve. Of a proxy, that
  // it did not say whose.
  if (answer.code === 'host_invalid') {
    const args = { host, status, ...(isProxy ? { isProxy: true as const } : { isUnknown: true as const }) };
    return [finding('FRONTEND_API_FAILING', args, undefined, 'error')];
  }
  // 405: it is there, and wanted another method. 429: it is there, and busy.
  const isWell = status < 400 || status === 405 || status === 429;
  return isWell ? [] : [finding('FRONTEND_API_FAILING', { host, status })];
}
