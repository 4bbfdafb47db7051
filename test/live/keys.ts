/** Where the live tests find a Clerk instance and a Convex deployment. */
export interface LiveKeys {
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly emailAddress: string;
  readonly organization: string;
  readonly convexUrl: string;
  readonly convexSiteUrl: string;
  readonly clerkApiUrl: string;
  readonly clerkProxyUrl: string | undefined;
}

const needed = {
  CLERK_PUBLISHABLE_KEY: "pk_test_…, from the API keys page of a development instance's dashboard",
  CLERK_SECRET_KEY: 'sk_test_…, from the same page',
  CLERK_TEST_USER: 'e-mail address of a user of that instance; its sessions are created, revoked and ended',
  CLERK_TEST_ORGANIZATION: 'slug of an organisation that this user is a member of',
  CONVEX_URL: 'https://….convex.cloud: a deployment that runs the functions of test/contract/convexFixture/convex',
} as const;

const alsoNeeded = [
  'In Clerk: the JWT template `convex` (New template > Convex) with the claim `email`, and organisations enabled.',
  "In Convex: the environment variable CLERK_JWT_ISSUER_DOMAIN, which is the template's issuer.",
  'Optional, to run against something else: CLERK_API_URL (default https://api.clerk.com), CLERK_PROXY_URL, CONVEX_SITE_URL.',
];

/** What is missing, as a text for people; undefined when nothing is. */
export function whatIsMissing(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const missing = Object.keys(needed).filter((name) => !env[name]);
  if (missing.length === 0) return undefined;
  return [
    'The live tests run the contract tests against a real Clerk instance and a real Convex deployment.',
    `Missing in the environment: ${missing.join(', ')}.`,
    '',
    ...Object.entries(needed).map(([name, what]) => `  ${name.padEnd(24)} ${what}`),
    '',
    ...alsoNeeded,
  ].join('\n');
}

/** @throws Error naming what is missing */
export function readKeys(env: NodeJS.ProcessEnv = process.env): LiveKeys {
  const missing = whatIsMissing(env);
  if (missing) throw new Error(missing);
  const value = (name: keyof typeof needed): string => env[name] ?? '';
  return {
    publishableKey: value('CLERK_PUBLISHABLE_KEY'),
    secretKey: value('CLERK_SECRET_KEY'),
    emailAddress: value('CLERK_TEST_USER'),
    organization: value('CLERK_TEST_ORGANIZATION'),
    convexUrl: value('CONVEX_URL'),
    convexSiteUrl: env.CONVEX_SITE_URL ?? value('CONVEX_URL').replace(/\.cloud\/?$/, '.site'),
    clerkApiUrl: env.CLERK_API_URL ?? 'https://api.clerk.com',
    clerkProxyUrl: env.CLERK_PROXY_URL,
  };
}
