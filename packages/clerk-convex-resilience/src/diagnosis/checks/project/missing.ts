import type { EnvVariable, Evidence, ProjectEvidence } from '../../evidence.ts';
import type { Finding, FindingCode } from '../../findings.ts';
import { packageOf } from './packageUse.ts';
import { tell } from './tell.ts';

/** Codes of a setting that is in no file, and may be where the app runs. */
type MissingCode = Extract<
  FindingCode,
  `${'PUBLISHABLE_KEY' | 'SECRET_KEY' | 'CONVEX_URL' | 'WEBHOOK_SECRET'}_MISSING`
>;

/** What a machine that builds may have while it knows nothing of the app: the key of the command that pushes, no telemetry. */
const ofMachine = /^CONVEX_DEPLOY_KEY$|CLERK_TELEMETRY_/;

/** Does any env file, or this process, say a word about Clerk or Convex? Where none does, the host may have it all. */
const hasSettings = ({ env }: ProjectEvidence): boolean =>
  env.some(({ name }) => /CLERK|CONVEX/.test(name) && !ofMachine.test(name));

/** A line leaves it blank; or there are settings, and not only those of a file that was asked for, beside which a host has its own. */
export const isSurelyMissing = (project: ProjectEvidence, blank: EnvVariable | undefined): boolean =>
  blank !== undefined || utf16File(project) !== undefined || (hasSettings(project) && !project.isOneEnvFile);

const utf16File = ({ envFiles }: ProjectEvidence): string | undefined => envFiles.find(({ isUtf16 }) => isUtf16)?.file;

/** Has somebody seen the app run without it? Its own log, or its webhook's endpoint. */
const isSeen = ({ log, network }: Evidence, code: MissingCode): boolean =>
  log?.codes.includes(code) === true ||
  (code === 'WEBHOOK_SECRET_MISSING' && network?.webhook?.code === 'not_configured');

/** Says that a setting is missing; a warning, where all that is known is that it is in no file here. */
export const tellMissing = (
  evidence: Evidence,
  code: MissingCode,
  name: string,
  { at, isSure }: { readonly at?: string | undefined; readonly isSure: boolean },
): Finding => {
  if (!isSure && !isSeen(evidence, code)) return tell(code, { name, mayBeOnHost: true }, at, 'warning');
  const utf16 = evidence.project && utf16File(evidence.project);
  return tell(code, { name, ...(utf16 !== undefined && { utf16 }) }, at ?? utf16);
};

/**
 * Does Clerk make keys of its own here, so that none are needed? In development, and before @clerk/nextjs 7.8: since then
 * missing keys are an error there too (its changelog, clerk/javascript pull request 9493).
 */
export function isKeyless(project: ProjectEvidence): boolean {
  if (project.isKeyless !== true || project.isProduction) return false;
  const { wanted = '', installed = [] } = packageOf(project, '@clerk/nextjs') ?? {};
  const [, major, minor = '0'] = /^\D{0,2}(\d{1,9})(?:\.(\d{1,9}))?/.exec(installed.at(-1) ?? wanted) ?? [];
  return major === undefined || Number(major) < 7 || (Number(major) === 7 && Number(minor) < 8);
}
