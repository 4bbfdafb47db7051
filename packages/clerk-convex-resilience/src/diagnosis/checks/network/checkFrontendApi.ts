import type { Check } from '../../check.ts';
import type { HostAnswer } from '../../evidence.ts';
import { type Finding, finding } from '../../findings.ts';
import { show } from '../show.ts';
import { isElsewhere, seenOf } from './isElsewhere.ts';

/** The way to Clerk's Frontend API, and who answers there. */
export const checkFrontendApi: Check = ({ network }) =>
  network?.frontendApi ? judgeFrontendApi(network.frontendApi) : [];

function judgeFrontendApi(answer: HostAnswer): readonly Finding[] {
  const { fault, status, isGenuine } = answer;
  const host = show(answer.host);
  const reason = show(answer.reason ?? fault);
  if (fault === 'dns') return [finding('FRONTEND_API_NOT_RESOLVED', { host })];
  if (fault === 'tls') return [finding('FRONTEND_API_TLS_FAULT', { host, reason })];
  if (fault !== undefined) return [finding('FRONTEND_API_UNREACHABLE', { host, reason })];
  if (status === undefined) return [];
  // Clerk refuses with JSON of its own: a page that says 403 or 404 is somebody else's.
  if (isElsewhere(answer) || (isGenuine === false && status < 500)) {
    return [finding('CAPTIVE_PORTAL', { host, seen: show(seenOf(answer)) })];
  }
  // 405: it is there, and wanted another method. 429: it is there, and busy.
  const isWell = status < 400 || status === 405 || status === 429;
  return isWell ? [] : [finding('FRONTEND_API_FAILING', { host, status })];
}
