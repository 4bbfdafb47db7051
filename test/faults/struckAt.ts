import type { Recording } from './Recording.ts';

/**
 * When the fault first hit a request to Clerk; else when it began. What Clerk gave out before, as a client that is loaded brings a token along, is not
 * what the fault was about.
 */
export function struckAt({
  brokenAt,
  clerkLog,
  failedRequests,
}: Pick<Recording, 'brokenAt' | 'clerkLog' | 'failedRequests'>): number {
  const hits = clerkLog.flatMap(({ at, fault }) => (fault ? [at] : [])).concat(failedRequests);
  const sinceBroken = hits.filter((at) => at >= brokenAt);
  return sinceBroken.length > 0 ? Math.min(...sinceBroken) : brokenAt;
}
