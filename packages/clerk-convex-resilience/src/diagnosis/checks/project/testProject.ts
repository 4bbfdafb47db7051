import type { Framework, ProjectEvidence } from '../../evidence.ts';

/** `pk_test_` and base64 of `host$`, as Clerk makes them. */
export const publishableKeyFor = (host: string, instance: 'test' | 'live' = 'test'): string =>
  `pk_${instance}_${btoa(`${host}$`)}`;

export const instanceHost = 'happy-animal-12.clerk.accounts.dev';
export const issuer = `https://${instanceHost}`;
export const publishableKey = publishableKeyFor(instanceHost);
export const secretKey = 'sk_test_q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8l9Z0x1';
export const webhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const prefixes = { vite: 'VITE_', next: 'NEXT_PUBLIC_', expo: 'EXPO_PUBLIC_', 'tanstack-start': 'VITE_', plain: '' };
const clerks = {
  vite: '@clerk/react',
  next: '@clerk/nextjs',
  expo: '@clerk/expo',
  'tanstack-start': '@clerk/tanstack-react-start',
  plain: '@clerk/react',
};
const clerkVersions = { vite: '6.18.2', next: '6.39.8', expo: '4.6.6', 'tanstack-start': '1.5.15', plain: '6.18.2' };
const middlewares = { next: 'proxy.ts', 'tanstack-start': 'src/start.ts', vite: null, expo: null, plain: null };

export const frameworks: readonly Framework[] = ['vite', 'next', 'expo', 'tanstack-start', 'plain'];

/** The variable of that name, with the framework's prefix. */
export const named = (framework: Framework, name: string): string => prefixes[framework] + name;

/** Does the framework have a server on which Clerk runs? */
export const hasServer = (framework: Framework): boolean => middlewares[framework] !== null;

/** A project with nothing wrong in it. */
export function cleanProject(framework: Framework = 'vite'): ProjectEvidence {
  const clerk = clerks[framework];
  const version = clerkVersions[framework];
  const middleware = middlewares[framework];
  const key = named(framework, 'CLERK_PUBLISHABLE_KEY');
  const url = named(framework, 'CONVEX_URL');
  return {
    framework,
    app: '.',
    convexFolder: 'convex',
    packages: {
      react: { wanted: '^19.1.0', installed: ['19.1.4'] },
      convex: { wanted: '^1.48.0', installed: ['1.48.0'] },
      [clerk]: { wanted: `^${version}`, installed: [version] },
      // Brought along by others.
      '@clerk/clerk-react': { installed: ['5.61.11'] },
    },
    env: [
      { name: 'CONVEX_DEPLOYMENT', value: 'dev:happy-otter-123', at: '.env.local:1' },
      { name: url, value: 'https://happy-otter-123.convex.cloud', at: '.env.local:2' },
      { name: key, value: publishableKey, at: '.env.local:3' },
      { name: 'CLERK_SECRET_KEY', value: secretKey, at: '.env.local:4' },
    ],
    envFiles: [
      { file: '.env.local', hasSecrets: true, git: 'ignored' },
      { file: '.env.example', hasSecrets: false, git: 'tracked' },
    ],
    deploymentEnv: {
      CLERK_JWT_ISSUER_DOMAIN: issuer,
      CLERK_SECRET_KEY: secretKey,
      CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret,
    },
    authConfig: {
      status: 'read',
      file: 'convex/auth.config.ts',
      providers: [
        {
          kind: 'oidc',
          domain: issuer,
          domainEnv: ['CLERK_JWT_ISSUER_DOMAIN'],
          applicationID: 'convex',
          at: 'convex/auth.config.ts:5',
        },
      ],
    },
    source: {
      providers: [
        {
          name: 'ConvexProviderWithClerk',
          at: 'src/main.tsx:12',
          useAuthFrom: clerk,
          clerkProviderFrom: clerk,
          isOutsideClerk: false,
        },
      ],
      readsClerkSecretKey: ['convex/clerk.ts:7'],
      usesUsersTable: ['convex/users.ts:9'],
      tables: ['users', 'messages'],
      readsEnv: [key, url],
    },
    webhook: {
      handlers: [
        {
          at: 'convex/http.ts:8',
          runsIn: 'convex',
          secretNames: ['CLERK_WEBHOOK_SIGNING_SECRET', 'CLERK_WEBHOOK_SECRET'],
        },
      ],
      path: '/clerk-webhook',
    },
    ...(middleware !== null && { middleware: { files: [middleware], expected: middleware, usesClerk: true } }),
    secretsInFiles: [],
    isProduction: false,
  };
}

type Project = ProjectEvidence;

/** Sets a variable of the env files; undefined takes it out. It keeps its place, or gets the next line. */
export function withEnv(project: Project, name: string, value: string | undefined): Project {
  const before = project.env.find((variable) => variable.name === name);
  const at = before?.at ?? `.env.local:${project.env.length + 1}`;
  const others = project.env.filter((variable) => variable.name !== name);
  return { ...project, env: value === undefined ? others : [...others, { name, value, at }] };
}

/** Sets a variable of the deployment; undefined takes it out. */
export function withDeployed(project: Project, name: string, value: string | undefined): Project {
  const { [name]: _, ...others } = project.deploymentEnv ?? {};
  return { ...project, deploymentEnv: value === undefined ? others : { ...others, [name]: value } };
}

/** As it is where the deployment cannot be asked. */
export function withoutDeployment({ deploymentEnv: _, ...project }: Project): Project {
  return project;
}

type Read = Extract<ProjectEvidence['authConfig'], { status: 'read' }>;
type Provider = Read['providers'][number];

/** With these in place of the one provider of auth.config. */
export function withProviders(project: Project, ...providers: readonly Partial<Provider>[]): Project {
  if (project.authConfig?.status !== 'read') return project;
  const [own] = project.authConfig.providers;
  if (!own) return project;
  return {
    ...project,
    authConfig: { ...project.authConfig, providers: providers.map((each) => ({ ...own, ...each })) },
  };
}

export function withPackage(
  project: Project,
  name: string,
  wanted: string | undefined,
  ...installed: string[]
): Project {
  return {
    ...project,
    packages: { ...project.packages, [name]: { ...(wanted !== undefined && { wanted }), installed } },
  };
}

export const withSource = (project: Project, changes: Partial<Project['source']>): Project => ({
  ...project,
  source: { ...project.source, ...changes },
});
export const withWebhook = (project: Project, changes: Partial<Project['webhook']>): Project => ({
  ...project,
  webhook: { ...project.webhook, ...changes },
});
