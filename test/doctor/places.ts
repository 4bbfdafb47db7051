import type { Finding, FindingCode } from 'clerk-convex-resilience/diagnosis';
import { type Draft, draftOf } from './Draft.ts';
import type { CleanProject } from './projects/CleanProject.ts';

const authConfig = ({ convex }: CleanProject) => [`${convex}auth.config.ts`];
/** Where the handler and the function of the library are: in one project in a file of their own. */
const handler = ({ convex, webhookFile }: CleanProject) => [webhookFile, `${convex}clerk.ts`];
const provider = ({ providerFile }: CleanProject) => [providerFile];

/** Where a finding belongs if what made it so is in another file, or in none: where the setting is read, or what lacks the other half. */
const elsewhere: Readonly<Partial<Record<FindingCode, (project: CleanProject) => readonly string[]>>> = {
  ISSUER_ENV_MISSING: authConfig,
  ISSUER_TRAILING_SLASH: authConfig,
  ISSUER_NOT_HTTPS: authConfig,
  ISSUER_WITH_PATH: authConfig,
  ISSUER_OF_ANOTHER_INSTANCE: authConfig,
  WEBHOOK_SECRET_MISSING: handler,
  WEBHOOK_SECRET_MALFORMED: handler,
  WEBHOOK_ROUTE_MISSING: handler,
  USERS_TABLE_MISSING: ({ convex }) => [`${convex}users.ts`, `${convex}clerk.ts`],
  CLERK_PROVIDER_MISSING: provider,
  PROVIDER_ORDER_WRONG: provider,
  ENV_FILE_NOT_IGNORED: ({ envFile }) => [envFile],
  STALE_BUILD_CACHE: ({ app }) => [`${app}.next`],
};

/** Does a finding point to a line that there is, of a file that was made wrong, or of the one where its code belongs? */
export function isInPlace({ code, at }: Finding, draft: Draft): boolean {
  if (at === undefined) return true;
  const [, file = at, line] = /^(.*?)(?::(\d+))?$/.exec(at) ?? [];
  const lines = draft.files.get(file)?.split('\n').length;
  if (line !== undefined && (lines === undefined || Number(line) < 1 || Number(line) > lines)) return false;
  const isChanged = draft.files.get(file) !== draftOf(draft.project).files.get(file);
  return isChanged || (elsewhere[code]?.(draft.project).includes(file) ?? false);
}
