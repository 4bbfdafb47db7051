import { type Finding, type FindingCode, findingCodes } from 'clerk-convex-resilience/diagnosis';
import { CannotRun } from './cannotRun.ts';
import { type FileStepId, fileSteps } from './gather/files/fileSteps.ts';
import { type NetworkStepId, networkSteps } from './gather/network/networkSteps.ts';
import { type Group, groupOf, groups } from './groups.ts';

/** What `--only` asks for. */
export interface Selection {
  has(finding: Finding): boolean;
  /** Some of it is known from the network. */
  readonly needsNetwork: boolean;
}

/** What each step brings to light: whole groups of findings, or single ones. */
const found: Readonly<Record<FileStepId | NetworkStepId, readonly (Group | FindingCode)[]>> = {
  project: groups,
  packages: ['packages'],
  'env-files': ['keys', 'issuer', 'CONVEX_URL_MISSING', 'CONVEX_URL_MALFORMED', 'CONVEX_URL_OF_ANOTHER_DEPLOYMENT'],
  'auth-config': ['auth-config', 'issuer'],
  functions: ['USERS_TABLE_MISSING', 'CLERK_SECRET_KEY_MISSING_IN_CONVEX'],
  providers: ['source', 'JWT_TEMPLATE_WRONG_IN_CODE'],
  middleware: ['middleware', 'WEBHOOK_ROUTE_PROTECTED'],
  'webhook-routes': ['webhooks'],
  secrets: ['SECRET_IN_TRACKED_FILE', 'ENV_FILE_NOT_IGNORED'],
  'stale-build': ['leftovers'],
  'convex-env': [
    'issuer',
    'auth-config',
    'CLERK_SECRET_KEY_MISSING_IN_CONVEX',
    'WEBHOOK_SECRET_MISSING',
    'WEBHOOK_SECRET_MALFORMED',
  ],
  'frontend-api': ['clerk'],
  'identity-provider': ['IDENTITY_PROVIDER_UNREACHABLE', 'IDENTITY_PROVIDER_WRONG'],
  convex: ['convex', 'AUTH_CONFIG_NOT_DEPLOYED'],
  webhook: ['webhooks'],
  'backend-api': ['token', 'SECRET_KEY_REFUSED', 'SECRET_KEY_OF_ANOTHER_INSTANCE'],
  clock: ['CLOCK_SKEW'],
  'status-page': ['CLERK_INCIDENT'],
};

/** Reads `--only`: ids of steps, `files` or `network`, groups of findings, codes; several with commas or spaces. */
export function readSelection(given: readonly string[]): Selection {
  const names = namesIn(given);
  if (names.length === 0) throw new CannotRun(`--only names nothing. ${whatThereIs()}`);
  const wanted = new Set<Group | FindingCode>();
  let needsNetwork = false;
  for (const name of names) {
    const parts = partsOf(name);
    if (!parts) throw new CannotRun(`--only knows no "${name}". ${whatThereIs()}`);
    for (const part of parts.found) wanted.add(part);
    needsNetwork ||= parts.isOfNetwork ?? parts.found.some(isOfNetwork);
  }
  return { has: (finding) => wanted.has(finding.code) || wanted.has(groupOf(finding)), needsNetwork };
}

/** Reads `--ignore`: codes, several with commas or spaces. What is misspelled would be looked for in vain, and is refused. */
export function readIgnored(given: readonly string[]): ReadonlySet<FindingCode> {
  const names = namesIn(given);
  if (names.length === 0) throw new CannotRun(`--ignore names nothing. ${codesAre}`);
  return new Set(
    names.map((name) => {
      const code = codeOf(name);
      if (code) return code;
      throw new CannotRun(`--ignore knows no code "${name}". ${codesAre}`);
    }),
  );
}

const codesAre = 'It takes codes, as JWT_TEMPLATE_MISSING: `clerk-convex-doctor explain` lists them.';
const namesIn = (given: readonly string[]): readonly string[] =>
  given.flatMap((text) => text.split(/[\s,]+/)).filter((name) => name !== '');
const codeOf = (name: string): FindingCode | undefined =>
  findingCodes.find((code) => code === name.toUpperCase().replaceAll('-', '_'));

/** A step says by itself where it looks; a group or a code may be known from files and from the network. */
function partsOf(
  name: string,
): { readonly found: readonly (Group | FindingCode)[]; readonly isOfNetwork?: boolean } | undefined {
  const low = name.toLowerCase();
  const inSteps = (steps: readonly { readonly id: FileStepId | NetworkStepId }[]) =>
    steps.flatMap(({ id }) => found[id]);
  if (low === 'files') return { found: inSteps(fileSteps.filter(({ id }) => id !== 'project')), isOfNetwork: false };
  if (low === 'network') return { found: inSteps(networkSteps), isOfNetwork: true };
  const inNetwork = networkSteps.filter(({ id }) => id === low);
  const parts = [
    ...inSteps(fileSteps.filter(({ id }) => id === low)),
    ...inSteps(inNetwork),
    ...groups.filter((group) => group === low),
    ...[codeOf(name) ?? []].flat(),
  ];
  if (parts.length === 0) return undefined;
  if (inNetwork.length > 0) return { found: parts, isOfNetwork: true };
  if (!fileSteps.some(({ id }) => id === low)) return { found: parts };
  return { found: parts, isOfNetwork: groups.some((group) => group === low && isOfNetwork(group)) };
}

/** Does a question that is asked over the network bring it to light, or a part of it? */
const isOfNetwork = (part: Group | FindingCode): boolean =>
  networkSteps.some(({ id }) =>
    found[id].some((one) => one === part || groupOfPart(one) === part || one === groupOfPart(part)),
  );

const groupOfPart = (part: Group | FindingCode): Group =>
  groups.find((group) => group === part) ?? groupOf({ code: part as FindingCode });

const whatThereIs = (): string =>
  [
    `There is: files (${fileSteps.map(({ id }) => id).join(', ')})`,
    `network (${networkSteps.map(({ id }) => id).join(', ')})`,
    `groups of findings (${groups.join(', ')})`,
    `and every code, as JWT_TEMPLATE_MISSING: \`clerk-convex-doctor explain\` lists them.`,
  ].join('; ');
