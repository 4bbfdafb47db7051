import type { Recording } from './Recording.ts';

/** When the fault first hit a request, as far as requests tell; else when it began. What Clerk gave out before is not what the fault was about. */
export function struckAt({
  brokenAt,
  clerkLog,
  convexLog,
  failedRequests,
}: Pick<Recording, 'brokenAt' | 'clerkLog' | 'convexLog' | 'failedRequests'>): number {
  const hits = [...clerkLog, ...convexLog].flatMap(({ at, fault }) => (fault ? [at] : [])).concat(failedRequests);
  const sinceBroken = hits.filter((at) => at >= brokenAt);
  return sinceBroken.length > 0 ? Math.min(...sinceBroken) : brokenAt;
}
