import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runChecks } from '../../diagnose.ts';
import type { ProjectEvidence } from '../../evidence.ts';
import { projectChecks } from './projectChecks.ts';
import { mistakes } from './testMistakes.ts';
import { cleanProject, frameworks, publishableKeyFor } from './testProject.ts';

// What must not be shown, each so that no other text of the evidence holds it by chance.
const secrets = [
  'sk_test_HUSHa1B2c3D4e5F6',
  'sk_live_HUSHq1W2e3R4t5Y6',
  'whsec_HUSHMfKQ9r8GKYqrTwjUPD8ILPZ+/==',
  'eyJHUSH.eyJHUSHsub.HUSHsig-_',
  'hush.person@example.com',
];
/** What stays of them if they are not taken out. */
const shownSecret = /HUSH|hush\.person/;

const secret = fc.constantFrom(...secrets);
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  secret,
  fc
    .tuple(fc.constantFrom('', '"', 'https://', 'http://x/', 'Bearer '), secret, fc.constantFrom('', '"', '/', ' x'))
    .map((parts) => parts.join('')),
  fc.tuple(fc.string({ minLength: 250, maxLength: 320 }), secret).map((parts) => parts.join(' ')),
  fc.constantFrom(
    '',
    ' ',
    '/',
    '__proto__',
    'https://',
    'http://[',
    'pk_test_',
    publishableKeyFor('a.b'),
    'sk_live_',
    'whsec_',
    '1.20.0',
    '^99',
    'users',
  ),
);
const name = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'VITE_CLERK_PUBLISHABLE_KEY',
      'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
      'CLERK_PUBLISHABLE_KEY',
      'CLERK_SECRET_KEY',
      'VITE_CLERK_SECRET_KEY',
      'CLERK_JWT_ISSUER_DOMAIN',
      'CLERK_WEBHOOK_SIGNING_SECRET',
      'VITE_CONVEX_URL',
      'NEXT_PUBLIC_CONVEX_URL',
      'CONVEX_DEPLOYMENT',
      'VITE_CLERK_PROXY_URL',
    ),
  },
  hostile,
);
const names = fc.array(name, { maxLength: 3 });
const texts = fc.array(hostile, { maxLength: 3 });
const optional = { requiredKeys: [] };

const authConfig = fc.oneof(
  fc.record({ status: fc.constant('missing' as const), expected: hostile }),
  fc.record({ status: fc.constant('unreadable' as const), file: hostile, reason: hostile }),
  fc.record({
    status: fc.constant('read' as const),
    file: hostile,
    providers: fc.array(
      fc.record(
        {
          kind: fc.constantFrom('oidc', 'customJwt'),
          domain: hostile,
          domainEnv: names,
          applicationID: hostile,
          at: hostile,
        },
        { requiredKeys: ['kind', 'domainEnv', 'at'] },
      ),
      { maxLength: 3 },
    ),
  }),
);

const packages = fc.dictionary(
  fc.oneof(fc.constantFrom('react', 'convex', '@clerk/react', '@clerk/clerk-react', '@clerk/nextjs'), hostile),
  fc.record({ wanted: hostile, installed: texts }, { requiredKeys: ['installed'] }),
);

const project = fc.record(
  {
    framework: fc.constantFrom(...frameworks),
    app: hostile,
    convexFolder: hostile,
    packages,
    env: fc.array(fc.record({ name, value: hostile, at: hostile }, { requiredKeys: ['name', 'value'] }), {
      maxLength: 6,
    }),
    envFiles: fc.array(
      fc.record(
        { file: hostile, hasSecrets: fc.boolean(), git: fc.constantFrom('ignored', 'tracked', 'untracked') },
        { requiredKeys: ['file', 'hasSecrets'] },
      ),
      { maxLength: 2 },
    ),
    deploymentEnv: fc.dictionary(name, hostile),
    authConfig,
    source: fc.record(
      {
        providers: fc.array(
          fc.record(
            {
              name: hostile,
              at: hostile,
              useAuthFrom: hostile,
              clerkProviderFrom: hostile,
              isOutsideClerk: fc.boolean(),
            },
            { requiredKeys: ['name', 'at', 'isOutsideClerk'] },
          ),
          { maxLength: 2 },
        ),
        readsClerkSecretKey: texts,
        usesUsersTable: texts,
        tables: texts,
        readsEnv: names,
        usesServerAuth: fc.boolean(),
        proxyUrl: fc.oneof(hostile, fc.constantFrom('/__clerk', 'https://app.example.com/__clerk')),
      },
      { requiredKeys: ['providers', 'readsClerkSecretKey', 'usesUsersTable', 'readsEnv'] },
    ),
    webhook: fc.record(
      {
        handlers: fc.array(fc.record({ at: hostile, runsIn: fc.constantFrom('convex', 'app'), secretNames: names }), {
          maxLength: 2,
        }),
        routeMissing: hostile,
        protectedBy: hostile,
        path: hostile,
      },
      { requiredKeys: ['handlers'] },
    ),
    middleware: fc.record({ files: texts, expected: hostile, usesClerk: fc.boolean() }),
    secretsInFiles: fc.array(
      fc.record({ at: hostile, kind: fc.constantFrom('secret_key', 'webhook_secret', 'deploy_key'), shown: hostile }),
      { maxLength: 2 },
    ),
    staleBuild: fc
      .record({ folder: hostile, file: hostile }, optional)
      .map(({ folder = '.next', file = '.env' }) => ({ folder, file })),
    isKeyless: fc.boolean(),
    isProduction: fc.boolean(),
  },
  {
    requiredKeys: [
      'framework',
      'app',
      'packages',
      'env',
      'envFiles',
      'source',
      'webhook',
      'secretsInFiles',
      'isProduction',
    ],
  },
) satisfies fc.Arbitrary<ProjectEvidence>;

/** A project with some mistakes, some of whose texts are others than anybody would write. */
const damaged = fc
  .tuple(
    fc.constantFrom(...frameworks),
    fc.subarray([...mistakes], { maxLength: 4 }),
    fc.array(fc.tuple(fc.nat(60), hostile), { maxLength: 4 }),
  )
  .map(([framework, made, edits]) => {
    const wrong = made.reduce((before, { make }) => make(before), cleanProject(framework));
    const edited = new Map(edits);
    let count = 0;
    const isKind = (key: string): boolean => ['framework', 'kind', 'status', 'runsIn', 'git'].includes(key);
    return JSON.parse(JSON.stringify(wrong), (key, value) =>
      typeof value === 'string' && !isKind(key) ? (edited.get(count++) ?? value) : value,
    ) as ProjectEvidence;
  });

it('reads whatever stands in a project, and shows no secret of it', () => {
  const told = new Set<string>();
  fc.assert(
    fc.property(fc.oneof(project, damaged), (evidence) => {
      const findings = runChecks(projectChecks, { project: evidence });
      for (const { code } of findings) told.add(code);
      expect(JSON.stringify(findings)).not.toMatch(shownSecret);
      expect(runChecks(projectChecks, { project: evidence })).toEqual(findings);
    }),
    {
      numRuns: 600,
      examples: frameworks.flatMap((framework) =>
        mistakes.map(({ make }): [ProjectEvidence] => [make(cleanProject(framework))]),
      ),
    },
  );
  // Else it would have looked at little.
  expect([...told].sort()).toEqual([...new Set(mistakes.map(({ code }) => code))].sort());
});

it('is done at once with texts as long as a file', () => {
  for (const unit of ['a', 'CLERK', 'sk_test_', 'a@', '.', 'eyJ', '/', '1.', ', ', 'AAAA', 'https://']) {
    const long = unit.repeat(200_000 / unit.length);
    const clean = cleanProject('next');
    const env = [...clean.env, { name: 'NEXT_PUBLIC_X', value: long }, { name: long, value: long }].map((variable) => ({
      ...variable,
      value: long,
    }));
    const providers = [{ kind: 'oidc', domain: long, domainEnv: [], applicationID: long, at: long }] as const;
    const packages = { react: { wanted: long, installed: [long, 'x'] } };
    const authConfig = { status: 'read', file: long, providers } as const;
    const webhook = {
      ...clean.webhook,
      handlers: [{ at: long, runsIn: 'app', secretNames: ['NEXT_PUBLIC_X'] }],
    } as const;
    const began = performance.now();
    runChecks(projectChecks, { project: { ...clean, env, packages, authConfig, webhook } });
    expect([unit, performance.now() - began < 1000]).toEqual([unit, true]);
  }
});
