import { oncePerCode } from './checks/oncePerCode.ts';
import { runtimeChecks } from './checks/runtimeChecks.ts';
import { withoutFollowUps } from './checks/withoutFollowUps.ts';
import { runChecks } from './diagnose.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './findings.ts';

/** What a page that is in trouble loads: it judges `evidence.runtime`, and knows nothing of files, networks and logs. */
export const diagnoseRuntime = (evidence: Evidence): readonly Finding[] =>
  withoutFollowUps(oncePerCode(runChecks(runtimeChecks, evidence)));
