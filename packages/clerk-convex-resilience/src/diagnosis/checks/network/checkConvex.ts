import type { Check } from '../../check.ts';
import { finding } from '../../findings.ts';
import { show } from '../show.ts';
import { isElsewhere, seenOf } from './isElsewhere.ts';

/** Whether the Convex deployment is there. */
export const checkConvex: Check = ({ network }) => {
  const answer = network?.convex;
  if (!answer) return [];
  const { fault, reason, status } = answer;
  const url = show(answer.url);
  if (fault !== undefined) return [finding('CONVEX_UNREACHABLE', { url, reason: show(reason ?? fault) })];
  if (isElsewhere(answer)) return [finding('CAPTIVE_PORTAL', { host: show(answer.host), seen: show(seenOf(answer)) })];
  return answer.isFirewall || (status !== undefined && status >= 400 && status !== 429)
    ? [finding('CONVEX_UNREACHABLE', { url, reason: String(status) })]
    : [];
};
