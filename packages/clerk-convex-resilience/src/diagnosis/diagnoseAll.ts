import { logChecks } from './checks/logChecks.ts';
import { networkChecks } from './checks/networkChecks.ts';
import { oncePerCode } from './checks/oncePerCode.ts';
import { projectChecks } from './checks/project/projectChecks.ts';
import { runtimeChecks } from './checks/runtimeChecks.ts';
import { tokenChecks } from './checks/tokenChecks.ts';
import { withoutFollowUps } from './checks/withoutFollowUps.ts';
import { runChecks } from './diagnose.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './findings.ts';

const checksElsewhere = [...runtimeChecks, ...tokenChecks, ...networkChecks, ...logChecks];

/**
 * Everything that is wrong, errors first; one cause, one finding. What a file shows is always said, with its place; what was
 * seen elsewhere is left out where it only repeats that, or comes of it.
 */
export function diagnose(evidence: Evidence): readonly Finding[] {
  const inFiles = runChecks(projectChecks, evidence);
  const isInFiles = ({ code }: Finding) => inFiles.some((other) => other.code === code);
  const elsewhere = oncePerCode(runChecks(checksElsewhere, evidence)).filter((finding) => !isInFiles(finding));
  // The first handler is the one that was asked (clerk-convex-doctor, gather/network/addressesOf.ts).
  const webhookRunsIn = evidence.project?.webhook.handlers[0]?.runsIn;
  return runChecks([() => inFiles, () => withoutFollowUps(elsewhere, inFiles, webhookRunsIn)], evidence);
}
