import { type Finding, finding, type ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { createDraft } from './draft.ts';
import { planFixes } from './planFixes.ts';

const project: ProjectEvidence = {
  framework: 'next',
  app: 'apps/web',
  convexFolder: 'convex',
  packages: { 'clerk-convex-resilience': { installed: ['0.1.0'] } },
  env: [],
  envFiles: [],
  source: { providers: [], readsClerkSecretKey: [], usesUsersTable: [], readsEnv: [] },
  webhook: { handlers: [] },
  secretsInFiles: [],
  isProduction: false,
};

async function plan(
  files: Readonly<Record<string, string>>,
  findings: readonly Finding[],
  changes: Partial<ProjectEvidence> = {},
  envFile?: string,
) {
  const draft = createDraft(temporaryFolder(files));
  const evidence = { project: { ...project, ...changes } };
  const byHand = await planFixes({ app: 'apps/web', framework: 'next', findings, evidence }, draft, { envFile });
  return { byHand, written: Object.fromEntries(draft.changes().map(({ file, after }) => [file, after])) };
}

const webhookSecret = finding('WEBHOOK_SECRET_MISSING', { name: 'CLERK_WEBHOOK_SIGNING_SECRET' });
const issuer = finding('ISSUER_ENV_MISSING', {
  name: 'CLERK_JWT_ISSUER_DOMAIN',
  expected: 'https://a.clerk.accounts.dev',
});
const route = finding('WEBHOOK_ROUTE_MISSING', { expected: 'convex/http.ts' });

describe('names of the environment', () => {
  it('are set in the deployment by hand, where it was asked and has none', async () => {
    const { byHand, written } = await plan({}, [webhookSecret, issuer], { deploymentEnv: {} });
    expect(written).toEqual({});
    expect(byHand).toEqual([
      'Set CLERK_WEBHOOK_SIGNING_SECRET in the Convex deployment: `npx convex env set CLERK_WEBHOOK_SIGNING_SECRET whsec_…`.',
      'Set CLERK_JWT_ISSUER_DOMAIN in the Convex deployment: `npx convex env set CLERK_JWT_ISSUER_DOMAIN https://a.clerk.accounts.dev`.',
    ]);
  });

  it.each<[string, Record<string, string>, string | undefined, string]>([
    ["the app's own", {}, undefined, 'apps/web/.env.local'],
    ['the one that is there', { 'apps/web/.env': 'A=1\n' }, undefined, 'apps/web/.env'],
    ['the one that was given', { '.env.production': 'A=1\n' }, '.env.production', '.env.production'],
    ["the app's of that name", { 'apps/web/.env.production': 'A=1\n' }, '.env.production', 'apps/web/.env.production'],
  ])('go into %s', async (_name, files, envFile, expected) => {
    const { written } = await plan(files, [webhookSecret], {}, envFile);
    expect(Object.keys(written)).toEqual([expected]);
  });

  it('are not put behind text in UTF-16', async () => {
    const { written, byHand } = await plan({ 'apps/web/.env': 'A\0=\0' }, [webhookSecret]);
    expect(written).toEqual({});
    expect(byHand).toEqual([
      expect.stringContaining('Save apps/web/.env as UTF-8, and put CLERK_WEBHOOK_SIGNING_SECRET'),
    ]);
  });

  it.each([
    ['that the app reads', {}, '.env'],
    ['that the app reads, though it has another', { 'apps/web/.env.local': 'A=1\n' }, '.env'],
  ])('go into the one %s', async (_name, files, expected) => {
    const { written } = await plan(files, [webhookSecret], { envTarget: '.env' });
    expect(Object.keys(written)).toEqual([expected]);
  });

  it('end their lines as the file does', async () => {
    const { written } = await plan({ 'apps/web/.env': 'A=1\r\n' }, [issuer]);
    expect(written['apps/web/.env']).toMatch(
      /^A=1\r\n\r\n# .*\r\nCLERK_JWT_ISSUER_DOMAIN=https:\/\/a\.clerk\.accounts\.dev\r\n$/,
    );
  });

  it('are not filled in where they have a value', async () => {
    const { written, byHand } = await plan({ 'apps/web/.env': 'CLERK_JWT_ISSUER_DOMAIN=mine\n' }, [issuer]);
    expect(written).toEqual({});
    expect(byHand[0]).toContain('Fill in CLERK_JWT_ISSUER_DOMAIN in apps/web/.env');
  });

  it.each(['CLERK_JWT_ISSUER_DOMAIN=', 'CLERK_JWT_ISSUER_DOMAIN=""', 'export CLERK_JWT_ISSUER_DOMAIN = '])(
    'are filled in where they are blank: %s',
    async (line) => {
      const { written } = await plan({ 'apps/web/.env': `A=1\n${line}\nB=2\n` }, [issuer]);
      expect(written['apps/web/.env']).toMatch(/^A=1\n.*=https:\/\/a\.clerk\.accounts\.dev\nB=2\n$/);
    },
  );
});

describe('auth.config.ts', () => {
  const missing = finding('AUTH_CONFIG_MISSING', { expected: 'convex/auth.config.ts' });

  it.each<[string, Partial<ProjectEvidence>, string]>([
    ['nothing is set', {}, 'CLERK_JWT_ISSUER_DOMAIN'],
    [
      'the newer name is set',
      { env: [{ name: 'CLERK_FRONTEND_API_URL', value: 'https://a' }] },
      'CLERK_FRONTEND_API_URL',
    ],
    [
      'both are',
      { deploymentEnv: { CLERK_FRONTEND_API_URL: 'https://a', CLERK_JWT_ISSUER_DOMAIN: 'https://a' } },
      'CLERK_JWT_ISSUER_DOMAIN',
    ],
  ])('reads the name that there is, where %s', async (_name, changes, name) => {
    const { written, byHand } = await plan({}, [missing], changes);
    expect(written['convex/auth.config.ts']).toContain(`domain: process.env.${name}!`);
    expect(byHand.some((step) => step.includes('env set'))).toBe(changes.deploymentEnv === undefined);
  });

  const keyOf = (host: string) => ({
    name: 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
    value: `pk_test_${Buffer.from(`${host}$`).toString('base64')}`,
  });
  const a = 'https://a.clerk.accounts.dev';
  it.each<[string, Partial<ProjectEvidence>, string]>([
    ['the publishable key tells', { env: [keyOf('a.clerk.accounts.dev')] }, a],
    ['the variable tells', { env: [{ name: 'CLERK_JWT_ISSUER_DOMAIN', value: a }] }, a],
    [
      'the key of the code tells before any variable',
      {
        source: { ...project.source, writtenKey: keyOf('a.clerk.accounts.dev') },
        env: [
          keyOf('b.clerk.accounts.dev'),
          { name: 'CLERK_JWT_ISSUER_DOMAIN', value: 'https://b.clerk.accounts.dev' },
        ],
      },
      a,
    ],
    ['nothing tells', { env: [{ name: 'CLERK_JWT_ISSUER_DOMAIN', value: '' }] }, 'https://…'],
    [
      'two keys tell different ones',
      { env: [keyOf('a.clerk.accounts.dev'), { ...keyOf('b.clerk.accounts.dev'), name: 'CLERK_PUBLISHABLE_KEY' }] },
      'https://…',
    ],
  ])('names the issuer that %s', async (_name, changes, issuer) => {
    const { written, byHand } = await plan({}, [missing], changes);
    const command = `npx convex env set CLERK_JWT_ISSUER_DOMAIN ${issuer}`;
    expect(written['convex/auth.config.ts']).toContain(`${command}\n`);
    expect(byHand[0]).toContain(`\`${command}\``);
  });

  it('is never written beside another', async () => {
    const { written, byHand } = await plan({ 'convex/auth.config.js': 'export default {};\n' }, [missing]);
    expect(written).toEqual({});
    expect(byHand[0]).toContain('is there already');
  });
});

describe('the webhook route', () => {
  it('is not written where it is the endpoint that answers 404', async () => {
    const answer = finding('WEBHOOK_ROUTE_MISSING', { expected: 'https://a.convex.site/clerk', status: 404 });
    expect(await plan({ 'convex/schema.ts': tables }, [answer])).toMatchObject({ written: {}, byHand: [] });
  });

  const tables =
    "import { usersTable } from 'clerk-convex-resilience/convex';\nimport { defineSchema } from 'convex/server';\n\nexport default defineSchema({\n  users: usersTable(),\n});\n";

  it('comes with the functions and the tables that it needs', async () => {
    const { written } = await plan({ 'convex/schema.ts': tables }, [route]);
    expect(Object.keys(written).sort()).toEqual(['convex/clerk.ts', 'convex/http.ts', 'convex/schema.ts']);
    expect(written['convex/schema.ts']).toContain(
      "import { usersTable, clerkWebhookTables } from 'clerk-convex-resilience/convex';",
    );
    expect(written['convex/schema.ts']).toContain('  ...clerkWebhookTables,\n  users: usersTable(),');
    expect(written['convex/http.ts']).toContain('clerkWebhookAction(internal.clerk)');
  });

  it('comes with a schema where there is none', async () => {
    const { written } = await plan({}, [route]);
    expect(written['convex/schema.ts']).toContain('...clerkWebhookTables');
  });

  it.each<[string, Record<string, string>, Partial<ProjectEvidence>]>([
    ['the table is of the app’s own making', { 'convex/schema.ts': tables.replace('usersTable(),', 'mine,') }, {}],
    ['there is another clerk.ts', { 'convex/schema.ts': tables, 'convex/clerk.ts': 'export const a = 1;\n' }, {}],
    ['the app has not the library', { 'convex/schema.ts': tables }, { packages: {} }],
    ['the router is made elsewhere', { 'convex/http.ts': "export { default } from './router';\n" }, {}],
  ])('is left to a person where %s', async (_name, files, changes) => {
    const { written, byHand } = await plan(files, [route], changes);
    expect(written).toEqual({});
    expect(byHand).toHaveLength(1);
  });

  const functions = (line: string) =>
    `import { clerkWebhookFunctions } from 'clerk-convex-resilience/convex';\nimport { internalMutation } from './_generated/server';\n${line}\n`;
  const exported = 'export const { claim, finish, fail, apply } = clerkWebhookFunctions(internalMutation);';

  it.each<[string, Record<string, string>, RegExp]>([
    ['the schema lacks', { 'convex/schema.ts': tables }, /\.\.\.clerkWebhookTables,\n {2}users: usersTable\(\)/],
    [
      'the schema lacks, with the users',
      { 'convex/schema.ts': "import { defineSchema } from 'convex/server';\nexport default defineSchema({});\n" },
      /clerkWebhookTables[\s\S]*users: usersTable\(\)/,
    ],
    ['there is no schema for', {}, /\.\.\.clerkWebhookTables/],
  ])('comes with the tables that %s, where the functions are there', async (_name, files, schema) => {
    const { written } = await plan({ ...files, 'convex/clerk.ts': functions(exported) }, [route]);
    expect(Object.keys(written).sort()).toEqual(['convex/http.ts', 'convex/schema.ts']);
    expect(written['convex/schema.ts']).toMatch(schema);
  });

  it.each<[string, string, Partial<ProjectEvidence>]>([
    ['it has them', tables.replace('  users', '  ...clerkWebhookTables,\n  users'), {}],
    [
      'it has them from elsewhere',
      "import { tables } from './tables';\nexport default defineSchema(tables);\n",
      {
        source: {
          ...project.source,
          tables: ['users', 'clerkWebhookDeliveries', 'clerkWebhookObjects', 'clerkSessions'],
        },
      },
    ],
  ])('leaves the schema alone where %s', async (_name, schema, changes) => {
    const { written, byHand } = await plan(
      { 'convex/schema.ts': schema, 'convex/clerk.ts': functions(exported) },
      [route],
      changes,
    );
    expect([Object.keys(written), byHand.length]).toEqual([['convex/http.ts'], 1]);
  });

  it.each<[string, Record<string, string>]>([
    ['has users of the app’s own', { 'convex/schema.ts': tables.replace('usersTable(),', 'mine,') }],
    ['is JavaScript', { 'convex/schema.js': tables }],
    ['is made elsewhere', { 'convex/schema.ts': "export { default } from './tables';\n" }],
  ])('says which tables it needs, where the schema %s', async (_name, files) => {
    const { written, byHand } = await plan({ ...files, 'convex/clerk.ts': functions(exported) }, [route]);
    expect(Object.keys(written)).toEqual(['convex/http.ts']);
    expect(byHand[0]).toMatch(/^Add `\.\.\.clerkWebhookTables` .* to convex\/schema\.[jt]s yourself/);
  });

  it.each([
    ['another table', '{ table: "members" }'],
    ['options of elsewhere', 'options'],
  ])('makes no table of users where the functions take %s', async (_name, options) => {
    const line = exported.replace('internalMutation)', `internalMutation, ${options})`);
    const schema = tables.replace('users:', 'members:');
    const { written } = await plan({ 'convex/schema.ts': schema, 'convex/clerk.ts': functions(line) }, [route]);
    expect(written['convex/schema.ts']).toContain('...clerkWebhookTables');
    expect(written['convex/schema.ts']).not.toMatch(/\busers:/);
  });

  it.each([
    ['as one object', 'export const hooks = clerkWebhookFunctions(internalMutation);'],
    ['one by one, under names of its own', exported.replace('claim', 'claim: take')],
    ['only in part', exported.replace('apply', '')],
    ['not at all', exported.replace('export ', '')],
  ])('is left to a person where the functions are exported %s', async (_name, line) => {
    const { written, byHand } = await plan({ 'convex/schema.ts': tables, 'convex/clerk.ts': functions(line) }, [route]);
    expect(written).toEqual({});
    expect(byHand).toEqual([expect.stringContaining(`convex/clerk.ts has to export \`claim\`, \`finish\``)]);
  });

  it.each([
    ['in a list', `${exported.replace('export ', '')}\nexport { claim, finish, fail, apply };`],
    [
      'one by one',
      `const hooks = clerkWebhookFunctions(internalMutation);\n${['claim', 'finish', 'fail', 'apply'].map((name) => `export const ${name} = hooks.${name};`).join('\n')}`,
    ],
  ])('leads to functions that are exported %s', async (_name, line) => {
    const { written } = await plan({ 'convex/schema.ts': tables, 'convex/clerk.ts': functions(line) }, [route]);
    expect(written['convex/http.ts']).toContain('clerkWebhookAction(internal.clerk)');
  });

  it('leads to functions in a folder', async () => {
    const handler = { at: 'convex/hooks/clerk.ts:3', runsIn: 'convex', secretNames: [] } as const;
    const { written } = await plan(
      { 'convex/schema.ts': tables, 'convex/hooks/clerk.ts': functions(exported) },
      [route],
      {
        webhook: { handlers: [handler] },
      },
    );
    expect(written['convex/http.ts']).toContain('clerkWebhookAction(internal.hooks.clerk)');
    expect(Object.keys(written)).not.toContain('convex/clerk.ts');
  });

  it('leads to the HTTP action that there is, without the library', async () => {
    const files = {
      'convex/webhooks.ts':
        "import { httpAction } from './_generated/server';\nexport const clerk = httpAction(async () => new Response());\n",
    };
    const handler = { at: 'convex/webhooks.ts:2', runsIn: 'convex', secretNames: [] } as const;
    const { written } = await plan(files, [route], { packages: {}, webhook: { handlers: [handler], path: '/clerk' } });
    expect(written['convex/http.ts']).toContain("import { clerk } from './webhooks';");
    expect(written['convex/http.ts']).toContain("http.route({ path: '/clerk', method: 'POST', handler: clerk });");
  });

  it('is a file of the framework where the handler is in the app', async () => {
    const handler = { at: 'apps/web/lib/webhook.ts:1', runsIn: 'app', secretNames: [] } as const;
    const { written } = await plan({}, [route], { webhook: { handlers: [handler] } });
    expect(written).toEqual({});
  });
});
