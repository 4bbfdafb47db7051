import type { Check } from '../../check.ts';
import { type Finding, finding } from '../../findings.ts';
import { show } from '../show.ts';

/** Token requests that failed: by the network's fault they pass, by a template's they do not. */
export const checkTokenFailures: Check = ({ log }) => {
  const failures = Object.entries(log?.tokenFailures ?? {}).filter(([, times]) => times > 0);
  const often = failures.sort(([, a], [, b]) => b - a).map(([name, times]) => `${name} (${times}×)`);
  const findings: Finding[] = [];
  if (often.length > 0) findings.push(finding('TOKEN_REQUESTS_FAILED', { seen: show(often.join(', ')) }));
  if (log && log.templateNotFound > 0) findings.push(finding('JWT_TEMPLATE_MISSING', {}));
  return findings;
};
