import type { AuthenticationEvent, RequestLogEntry } from 'clerk-convex-emulators';

/** When Convex first accepted a token that Clerk gave out after this time. */
export function freshlyAccepted(
  clerk: { readonly log: readonly RequestLogEntry[] },
  convex: { readonly authentications: readonly AuthenticationEvent[] },
  since: number,
  tokenPath: string,
): number | undefined {
  const given = clerk.log.find(
    ({ at, path, status, fault }) => at >= since && path.endsWith(tokenPath) && status === 200 && !fault,
  );
  return given && convex.authentications.find(({ at, kind }) => kind === 'accepted' && at >= given.at)?.at;
}
