import { posix } from 'node:path';
import { type ProjectEvidence, parsePublishableKey } from 'clerk-convex-resilience/diagnosis';
import type { Fixer } from './planFixes.ts';

/** Writes `convex/auth.config.ts` where there is none. One that is there is never changed. */
export const fixAuthConfig: Fixer = async ({ findings, evidence }, draft) => {
  const finding = findings.find(({ code }) => code === 'AUTH_CONFIG_MISSING');
  const folder = evidence.project?.convexFolder;
  if (finding?.code !== 'AUTH_CONFIG_MISSING' || folder === undefined) return [];
  for (const extension of ['ts', 'js', 'mts', 'mjs']) {
    const file = posix.join(folder, `auth.config.${extension}`);
    if ((await draft.read(file)) !== undefined) return [`${file} is there already: it is left as it is.`];
  }
  const known = new Set([
    ...Object.keys(evidence.project?.deploymentEnv ?? {}),
    ...(evidence.project?.env ?? []).map(({ name }) => name),
  ]);
  const isNewer = known.has('CLERK_FRONTEND_API_URL') && !known.has('CLERK_JWT_ISSUER_DOMAIN');
  const name = isNewer ? 'CLERK_FRONTEND_API_URL' : 'CLERK_JWT_ISSUER_DOMAIN';
  const issuer = (evidence.project && issuerOf(evidence.project, name)) ?? 'https://…';
  await draft.write(posix.join(folder, 'auth.config.ts'), authConfig(name, issuer), finding.code);
  const isSet = Boolean(evidence.project?.deploymentEnv?.[name]);
  return [
    ...(isSet
      ? []
      : [
          `Set the issuer in the Convex deployment: \`npx convex env set ${name} ${issuer}\` (Clerk dashboard, Configure, Domains: the Frontend API URL).`,
        ]),
    'Push it: `npx convex dev`, for production `npx convex deploy`.',
  ];
};

/** What the app's publishable key names, the one in the code before any variable's; else what the issuer's variable holds. */
function issuerOf({ source, env }: ProjectEvidence, name: string): string | undefined {
  const keys = source.writtenKey ? [source.writtenKey] : env.filter((each) => each.name.includes('CLERK'));
  const hosts = new Set(keys.map(({ value }) => parsePublishableKey(value)?.frontendApi).filter(Boolean));
  const [host] = hosts;
  if (host !== undefined) return hosts.size === 1 ? `https://${host}` : undefined;
  const value = env
    .find((each) => each.name === name)
    ?.value.trim()
    .replace(/\/+$/, '');
  return value && /^https:\/\/[\w.:-]+$/.test(value) ? value : undefined;
}

const authConfig = (name: string, issuer: string): string => `import type { AuthConfig } from 'convex/server';

export default {
  providers: [
    {
      // The Frontend API URL of your Clerk instance: npx convex env set ${name} ${issuer}
      domain: process.env.${name}!,
      // What Clerk's template \`convex\`, or its Convex integration, puts into \`aud\`.
      applicationID: 'convex',
    },
  ],
} satisfies AuthConfig;
`;
