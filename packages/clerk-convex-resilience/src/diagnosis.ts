export { type PublishableKey, parsePublishableKey } from './config/publishableKey.ts';
export { type Claims, readClaims } from './core/jwt.ts';
export type { Check } from './diagnosis/check.ts';
export { logChecks } from './diagnosis/checks/logChecks.ts';
export { networkChecks } from './diagnosis/checks/networkChecks.ts';
export { projectChecks } from './diagnosis/checks/project/projectChecks.ts';
export { runtimeChecks } from './diagnosis/checks/runtimeChecks.ts';
export { judgeToken, type TokenClaim, type TokenVerdict } from './diagnosis/checks/token/judgeToken.ts';
export { tokenChecks } from './diagnosis/checks/tokenChecks.ts';
export { describeFinding, type FindingLanguage } from './diagnosis/describe.ts';
export { describeWith, type FindingProse, type FindingText } from './diagnosis/describeFinding.ts';
export { runChecks } from './diagnosis/diagnose.ts';
export { diagnose } from './diagnosis/diagnoseAll.ts';
export type * from './diagnosis/evidence.ts';
export {
  docsUrlOf,
  type Finding,
  type FindingArgs,
  type FindingCode,
  type FindingSeverity,
  finding,
  findingCodes,
} from './diagnosis/findings.ts';
export { bn } from './diagnosis/prose/bn.ts';
export { en } from './diagnosis/prose/en.ts';
export { ru } from './diagnosis/prose/ru.ts';
export { redactSecret, redactText } from './diagnosis/redact.ts';
