/** Below this it is no wrong clock but a slow answer, or a token that Clerk minted a moment before, in milliseconds. */
const toleranceMs = 10_000;

/**
 * How far this device's clock is ahead of Clerk's, in milliseconds, told from a token that was minted between `askedAt` and
 * `at`; 0 when it is as good as right. What was `known` stays while it agrees.
 */
export function clockAhead(
  known: number | null,
  { iat, askedAt, at }: { readonly iat: number | undefined; readonly askedAt: number; readonly at: number },
): number | null {
  if (iat === undefined) return known;
  const most = at - iat * 1000;
  const least = askedAt - iat * 1000 - 1000; // iat is cut down to seconds
  const ahead = least > toleranceMs ? least : most < -toleranceMs ? most : 0;
  if (known !== null && Math.abs(ahead - known) < toleranceMs) return known;
  return Math.round(ahead / 1000) * 1000;
}
