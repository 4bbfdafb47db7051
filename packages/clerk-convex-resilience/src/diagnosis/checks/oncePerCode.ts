import type { Finding, FindingCode } from '../findings.ts';

/** Each of these is something else: another claim, package, variable or incident. */
const several: readonly FindingCode[] = ['TOKEN_MALFORMED', 'VERSION_UNSUPPORTED', 'CLERK_INCIDENT'];

/** What was found in more than one place is said once, as it was found first. */
export const oncePerCode = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(
    ({ code }, index) => several.includes(code) || findings.findIndex((other) => other.code === code) === index,
  );
