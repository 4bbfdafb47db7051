import { type Finding, finding } from '../findings.ts';
import { showAll } from './show.ts';

/** What Clerk's integration and template write into `aud`, and Convex's guide to Clerk into auth.config. */
export const convexAudience = 'convex';

/**
 * A token that is for nobody whom auth.config expects. Which of the two is wrong: a token that is for `convex` is as
 * Clerk makes it, so the `applicationID` is.
 */
export const audienceMismatch = (audiences: readonly string[], applicationIds: readonly string[]): Finding =>
  audiences.length === 1 && audiences[0] === convexAudience && !applicationIds.includes(convexAudience)
    ? finding('APPLICATION_ID_WRONG', { seen: showAll(applicationIds), expected: convexAudience })
    : finding('TOKEN_AUDIENCE_WRONG', { seen: showAll(audiences), expected: showAll(applicationIds) });
