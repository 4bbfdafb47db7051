import type { Evidence } from '../../evidence.ts';
import { convexAudience } from '../audience.ts';
import { publishableKeysIn } from '../frontendApiIn.ts';
import { issuerOfKey } from '../issuers.ts';

/** Whose tokens Convex takes. */
export interface ExpectedIssuer {
  readonly domain: string;
  /** Absent: it takes any audience. */
  readonly applicationID?: string | undefined;
}

/** What auth.config says; where nobody could read it, what the publishable key says. Empty: nobody knows. */
export function expectedIssuers(evidence: Evidence): readonly ExpectedIssuer[] {
  const config = evidence.project?.authConfig;
  const listed = config?.status === 'read' ? config.providers : [];
  const known = listed.flatMap(({ domain, applicationID }) =>
    domain === undefined ? [] : [{ domain, applicationID }],
  );
  if (known.length > 0) return known;
  return publishableKeysIn(evidence)
    .map(issuerOfKey)
    .flatMap((domain) => (domain === undefined ? [] : [{ domain, applicationID: convexAudience }]));
}
