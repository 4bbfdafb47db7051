import type { AuthProviderEvidence, Framework, ProjectEvidence } from '../../evidence.ts';
import type { FindingCode } from '../../findings.ts';
import {
  hasServer,
  named,
  withDeployed,
  withEnv,
  withPackage,
  withProviders,
  withSource,
  withWebhook,
} from './testProject.ts';

/** One thing done wrong in a clean project. */
export interface Mistake {
  readonly code: FindingCode;
  readonly how: string;
  /** What it changes, or takes the ground from: two mistakes that share a word cannot be told apart, or not be made together. */
  readonly touches: readonly string[];
  readonly make: (project: ProjectEvidence) => ProjectEvidence;
  /** @defaultValue everywhere */
  readonly where?: (framework: Framework) => boolean;
}

const configured = ['config', 'provider', 'slash', 'scheme', 'host', 'application'];
const textOf = (project: ProjectEvidence, name: string): string =>
  project.env.find((variable) => variable.name === name)?.value ?? '';
const isKey = ({ name }: { name: string }): boolean => name.endsWith('CLERK_PUBLISHABLE_KEY');
const keyOf = (project: ProjectEvidence) => project.env.find(isKey) ?? { name: 'CLERK_PUBLISHABLE_KEY', value: '' };

function editIssuer(project: ProjectEvidence, edit: (issuer: string) => string): ProjectEvidence {
  const issuer = edit(project.deploymentEnv?.CLERK_JWT_ISSUER_DOMAIN ?? '');
  return editProvider(withDeployed(project, 'CLERK_JWT_ISSUER_DOMAIN', issuer), { domain: issuer });
}

/** With other words in each provider of auth.config. */
function editProvider(project: ProjectEvidence, changes: Partial<AuthProviderEvidence>): ProjectEvidence {
  if (project.authConfig?.status !== 'read') return project;
  const providers = project.authConfig.providers.map((each) => ({ ...each, ...changes }));
  return { ...project, authConfig: { ...project.authConfig, providers } };
}

const editProviders = (
  project: ProjectEvidence,
  changes: Partial<ProjectEvidence['source']['providers'][number]>,
): ProjectEvidence =>
  withSource(project, { providers: project.source.providers.map((provider) => ({ ...provider, ...changes })) });

const installAnother = (project: ProjectEvidence, name: string, version: string): ProjectEvidence => {
  const { wanted, installed = [] } = project.packages[name] ?? {};
  return withPackage(project, name, wanted, ...installed, version);
};

/** For each code one mistake, or some. */
export const mistakes: readonly Mistake[] = [
  {
    code: 'AUTH_CONFIG_MISSING',
    how: 'auth.config.ts deleted',
    touches: configured,
    make: (project) => ({ ...project, authConfig: { status: 'missing', expected: 'convex/auth.config.ts' } }),
  },
  {
    code: 'AUTH_CONFIG_UNREADABLE',
    how: 'providers made by a function',
    touches: configured,
    make: (project) => ({
      ...project,
      authConfig: { status: 'unreadable', file: 'convex/auth.config.ts', reason: 'calls makeProviders()' },
    }),
  },
  {
    code: 'AUTH_CONFIG_WITHOUT_ISSUER',
    how: 'no provider in the list',
    touches: configured,
    make: (project) => withProviders(project),
  },
  {
    code: 'AUTH_CONFIG_WITHOUT_ISSUER',
    how: 'another instance written out',
    touches: ['slash', 'scheme', 'host'],
    make: (project) => editProvider(project, { domain: 'https://other-fish-9.clerk.accounts.dev', domainEnv: [] }),
  },
  {
    code: 'APPLICATION_ID_WRONG',
    how: 'Convex in capitals',
    touches: ['application'],
    make: (project) => editProvider(project, { applicationID: 'Convex' }),
  },
  {
    code: 'ISSUER_ENV_MISSING',
    how: 'not set in the deployment',
    touches: ['slash', 'scheme', 'host'],
    make: (project) => {
      if (project.authConfig?.status !== 'read') return project;
      const providers = project.authConfig.providers.map(({ domain: _, ...each }) => each);
      const authConfig = { ...project.authConfig, providers };
      return { ...withDeployed(project, 'CLERK_JWT_ISSUER_DOMAIN', undefined), authConfig };
    },
  },
  {
    code: 'ISSUER_TRAILING_SLASH',
    how: 'copied with its slash',
    touches: ['slash'],
    make: (project) => editIssuer(project, (issuer) => `${issuer}/`),
  },
  {
    code: 'ISSUER_NOT_HTTPS',
    how: 'http',
    touches: ['scheme'],
    make: (project) => editIssuer(project, (issuer) => issuer.replace('https:', 'http:')),
  },
  {
    code: 'ISSUER_WITH_PATH',
    how: 'the address of the keys',
    touches: ['slash', 'host'],
    make: (project) => editIssuer(project, (issuer) => `${issuer}/.well-known/jwks.json`),
  },
  {
    code: 'ISSUER_OF_ANOTHER_INSTANCE',
    how: 'another instance in the deployment',
    // With the right issuer the slash and the scheme of the wrong one go too.
    touches: ['slash', 'scheme', 'host'],
    make: (project) => editIssuer(project, (issuer) => issuer.replace('happy-animal-12', 'other-fish-9')),
  },
  {
    code: 'PUBLISHABLE_KEY_MISSING',
    how: 'line deleted',
    // Nothing is left that says which instance is meant.
    touches: ['key', 'key name', 'host', 'production', 'secret key kind'],
    make: (project) => withEnv(project, keyOf(project).name, undefined),
  },
  {
    code: 'PUBLISHABLE_KEY_MALFORMED',
    how: 'cut off',
    touches: ['key', 'host'],
    make: (project) => withEnv(project, keyOf(project).name, keyOf(project).value.slice(0, -5)),
  },
  {
    code: 'PUBLISHABLE_KEY_NOT_EXPOSED',
    how: 'without its prefix',
    touches: ['key name'],
    where: (framework) => framework !== 'plain',
    make: (project) => ({
      ...project,
      env: project.env.map((each) => (isKey(each) ? { ...each, name: 'CLERK_PUBLISHABLE_KEY' } : each)),
    }),
  },
  {
    code: 'TEST_KEY_IN_PRODUCTION',
    how: 'development keys in a production build',
    touches: ['production'],
    make: (project) => ({ ...project, isProduction: true }),
  },
  {
    code: 'SECRET_KEY_MISSING',
    how: 'line deleted',
    touches: ['secret key', 'secret key kind'],
    where: hasServer,
    make: (project) => withEnv(project, 'CLERK_SECRET_KEY', undefined),
  },
  {
    code: 'SECRET_KEY_MISSING',
    how: 'left blank',
    touches: ['secret key', 'secret key kind'],
    where: hasServer,
    make: (project) => withEnv(project, 'CLERK_SECRET_KEY', ''),
  },
  {
    code: 'SECRET_KEY_MALFORMED',
    how: 'a placeholder',
    touches: ['secret key', 'secret key kind'],
    make: (project) => withEnv(project, 'CLERK_SECRET_KEY', 'sk_test_your-key-here'),
  },
  {
    code: 'SECRET_KEY_OF_ANOTHER_INSTANCE',
    how: 'of the production instance',
    touches: ['secret key', 'secret key kind'],
    make: (project) =>
      withEnv(project, 'CLERK_SECRET_KEY', textOf(project, 'CLERK_SECRET_KEY').replace('test', 'live')),
  },
  {
    code: 'SECRET_KEY_IN_PUBLIC_VARIABLE',
    how: 'with the prefix of the bundler',
    touches: ['public secret'],
    make: (project) => {
      const name = named(project.framework, 'CLERK_SECRET_KEY');
      return withEnv(project, project.framework === 'plain' ? `PUBLIC_${name}` : name, 'sk_test_a1B2c3D4e5F6g7H8i9J0');
    },
  },
  {
    code: 'CLERK_SECRET_KEY_MISSING_IN_CONVEX',
    how: 'not set in the deployment',
    touches: ['deployed secret key'],
    make: (project) => withDeployed(project, 'CLERK_SECRET_KEY', undefined),
  },
  {
    code: 'ENV_FILE_NOT_IGNORED',
    how: 'taken out of .gitignore',
    touches: ['git'],
    make: (project) => ({
      ...project,
      envFiles: project.envFiles.map((each) => (each.hasSecrets ? { ...each, git: 'untracked' } : each)),
    }),
  },
  {
    code: 'SECRET_IN_TRACKED_FILE',
    how: 'in a document',
    touches: ['document'],
    make: (project) => ({
      ...project,
      secretsInFiles: [{ at: 'docs/setup.md:12', kind: 'secret_key', shown: 'sk_test_… (50 characters)' }],
    }),
  },
  {
    code: 'CONVEX_URL_MISSING',
    how: 'line deleted',
    touches: ['url'],
    make: (project) => withEnv(project, named(project.framework, 'CONVEX_URL'), undefined),
  },
  {
    code: 'CONVEX_URL_MALFORMED',
    how: 'the site of HTTP actions',
    touches: ['url'],
    make: (project) => withEnv(project, named(project.framework, 'CONVEX_URL'), 'https://happy-otter-123.convex.site'),
  },
  {
    code: 'CONVEX_URL_OF_ANOTHER_DEPLOYMENT',
    how: 'CONVEX_DEPLOYMENT of another',
    touches: ['url'],
    make: (project) => withEnv(project, 'CONVEX_DEPLOYMENT', 'prod:quiet-fox-7'),
  },
  {
    code: 'USERS_TABLE_MISSING',
    how: 'table deleted',
    touches: ['tables'],
    make: (project) => withSource(project, { tables: ['messages'] }),
  },
  {
    code: 'WEBHOOK_SECRET_MISSING',
    how: 'not set in the deployment',
    touches: ['webhook secret'],
    make: (project) => withDeployed(project, 'CLERK_WEBHOOK_SIGNING_SECRET', undefined),
  },
  {
    code: 'WEBHOOK_SECRET_MALFORMED',
    how: 'the id of the endpoint',
    touches: ['webhook secret'],
    make: (project) => withDeployed(project, 'CLERK_WEBHOOK_SIGNING_SECRET', 'ep_2abcDEF'),
  },
  {
    code: 'WEBHOOK_ROUTE_MISSING',
    how: 'route deleted',
    touches: ['route'],
    make: (project) => withWebhook(project, { routeMissing: 'convex/http.ts' }),
  },
  {
    code: 'WEBHOOK_ROUTE_PROTECTED',
    how: 'protected by the middleware',
    touches: ['route protection'],
    where: hasServer,
    make: (project) => withWebhook(project, { protectedBy: 'proxy.ts:6' }),
  },
  {
    code: 'MIDDLEWARE_MISSING',
    how: 'file deleted',
    touches: ['middleware', 'middleware files'],
    where: hasServer,
    make: (project) => ({
      ...project,
      ...(project.middleware && { middleware: { ...project.middleware, files: [], usesClerk: false } }),
    }),
  },
  {
    code: 'MIDDLEWARE_AND_PROXY',
    how: 'both names',
    touches: ['middleware files'],
    where: (framework) => framework === 'next',
    make: (project) => ({
      ...project,
      ...(project.middleware && { middleware: { ...project.middleware, files: ['middleware.ts', 'proxy.ts'] } }),
    }),
  },
  {
    code: 'MIDDLEWARE_WITHOUT_CLERK',
    how: 'clerkMiddleware taken out',
    touches: ['middleware'],
    where: hasServer,
    make: (project) => ({
      ...project,
      ...(project.middleware && { middleware: { ...project.middleware, usesClerk: false } }),
    }),
  },
  {
    code: 'CLERK_REACT_DEPRECATED',
    how: 'asked for by the app',
    touches: ['clerk-react'],
    make: (project) => withPackage(project, '@clerk/clerk-react', '^5.61.0', '5.61.11'),
  },
  {
    code: 'VERSION_UNSUPPORTED',
    how: 'an old Clerk',
    touches: ['clerk-react'],
    make: (project) => withPackage(project, '@clerk/clerk-react', '^4.32.0', '4.32.5'),
  },
  {
    code: 'VERSION_UNSUPPORTED',
    how: 'an old Convex',
    touches: ['convex version'],
    make: (project) => {
      const [, ...others] = project.packages.convex?.installed ?? [];
      return withPackage(project, 'convex', '~1.20.0', '1.20.0', ...others);
    },
  },
  {
    code: 'REACT_DUPLICATED',
    how: 'an older one brought along',
    touches: ['react copies'],
    make: (project) => installAnother(project, 'react', '18.3.1'),
  },
  {
    code: 'CONVEX_DUPLICATED',
    how: 'another one brought along',
    touches: ['convex copies'],
    make: (project) => installAnother(project, 'convex', '1.49.0'),
  },
  {
    code: 'STALE_BUILD_CACHE',
    how: 'built before the keys were changed',
    touches: ['build'],
    make: (project) => ({ ...project, staleBuild: { folder: '.next', file: '.env.local' } }),
  },
  {
    code: 'PROVIDER_ORDER_WRONG',
    how: 'ClerkProvider inside',
    touches: ['order'],
    make: (project) => editProviders(project, { isOutsideClerk: true }),
  },
  {
    code: 'CLERK_PROVIDER_MISSING',
    how: 'ClerkProvider taken out',
    touches: ['order', 'useAuth'],
    make: (project) => editProviders(project, { isWithoutClerk: true }),
  },
  {
    code: 'CONVEX_PROVIDER_WITHOUT_AUTH',
    how: "Convex's plain provider",
    touches: ['order', 'useAuth', 'templates'],
    make: (project) => withSource(project, { providers: [], withoutAuth: 'src/main.tsx:12' }),
  },
  {
    code: 'JWT_TEMPLATE_WRONG_IN_CODE',
    how: 'in capitals',
    touches: ['templates'],
    make: (project) => withSource(project, { templates: [{ name: 'Convex', at: 'app/server/page.tsx:4' }] }),
  },
  {
    code: 'USE_AUTH_OF_ANOTHER_PACKAGE',
    how: 'useAuth of another package',
    touches: ['useAuth'],
    make: (project) => editProviders(project, { useAuthFrom: '@clerk/clerk-react' }),
  },
];
