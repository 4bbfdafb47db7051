import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';
import type { Finding, FindingSeverity } from './findings.ts';

const order: readonly FindingSeverity[] = ['error', 'warning', 'info'];

/** Everything that checks find in the evidence: errors first, each thing once. */
export function runChecks(checks: readonly Check[], evidence: Evidence): readonly Finding[] {
  const seen = new Set<string>();
  return checks
    .flatMap((check) => check(evidence))
    .filter((finding) => {
      const key = JSON.stringify([finding.code, finding.args, finding.at]);
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
