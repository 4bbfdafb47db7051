import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanProject, frontendApi } from '../testing/cleanProject.ts';
import { run } from '../testing/run.ts';
import { filesIn, temporaryFolder } from '../testing/temporaryFolder.ts';

/** Files that are not there are those whose text is undefined. */
const project = (changes: Readonly<Record<string, string | undefined>>): string =>
  temporaryFolder(
    Object.fromEntries(
      Object.entries({ ...cleanProject(), ...changes }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    ),
  );
const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');
const fix = ['--offline', '--fix', '--yes'];
const withoutUsers =
  "import { defineSchema, defineTable } from 'convex/server';\nimport { v } from 'convex/values';\n\nexport default defineSchema({\n  messages: defineTable({ body: v.string() }),\n});\n";
const env = cleanProject()['.env.local'] ?? '';
const withoutKey = env.replace(/^VITE_CLERK_PUBLISHABLE_KEY=.*\n/m, '');

describe('--fix', () => {
  it('writes auth.config.ts, and says that it is mended', async () => {
    const folder = project({ 'convex/auth.config.ts': undefined });
    const ran = await run(folder, fix);
    expect(ran.out).toContain('+++ b/convex/auth.config.ts');
    expect(ran.out).toContain('--- /dev/null');
    expect(ran.out).toContain('Mended: AUTH_CONFIG_MISSING');
    expect(ran.out).toMatch(/By hand:\n.*npx convex env set CLERK_JWT_ISSUER_DOMAIN/);
    expect(read(folder, 'convex/auth.config.ts')).toContain("applicationID: 'convex'");
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect((await run(folder, ['--offline'])).code).toBe(0);
  });

  it('adds the table to a schema, and keeps a copy of what was there', async () => {
    const folder = project({ 'convex/schema.ts': withoutUsers });
    const ran = await run(folder, fix);
    expect(ran.out).toContain('Mended: USERS_TABLE_MISSING');
    expect(ran.out).toContain('+  users: usersTable(),');
    const copy = '.clerk-convex-doctor/backups/2026-11-26T18-44-04Z/convex/schema.ts';
    expect(ran.out).toContain('What was there before: .clerk-convex-doctor/backups/2026-11-26T18-44-04Z');
    expect(read(folder, copy)).toBe(withoutUsers);
    expect(ran.code).toBe(0);
  });

  it('leaves a schema alone that it does not surely understand, and says how', async () => {
    const odd =
      "import { defineSchema, defineTable } from 'convex/server';\nconst tables = { messages: defineTable({}) };\nexport default defineSchema(tables);\n";
    const folder = project({ 'convex/schema.ts': odd });
    const before = filesIn(folder);
    const ran = await run(folder, fix);
    if (ran.out.includes('USERS_TABLE_MISSING'))
      expect(ran.out).toContain('Add the table to convex/schema.ts yourself');
    expect(filesIn(folder)).toEqual(before);
  });

  it('imports nothing that the app has not', async () => {
    const manifest = (cleanProject()['package.json'] ?? '').replace('"clerk-convex-resilience":"^0.1.0",', '');
    const folder = project({ 'convex/schema.ts': withoutUsers, 'package.json': manifest });
    const ran = await run(folder, fix);
    expect(ran.out).toContain('install it (`npm install clerk-convex-resilience`)');
    expect([ran.code, read(folder, 'convex/schema.ts')]).toEqual([1, withoutUsers]);
  });

  it('puts a name that is missing into the env file, with a comment and without a value', async () => {
    const folder = project({ '.env.local': `${withoutKey}PASSWORD=hunter2` });
    const ran = await run(folder, fix);
    expect(read(folder, '.env.local')).toBe(
      `${withoutKey}PASSWORD=hunter2\n\n# the publishable key, of Clerk dashboard, API keys. It looks like pk_test_…\nVITE_CLERK_PUBLISHABLE_KEY=\n`,
    );
    expect(ran.out).toContain('+VITE_CLERK_PUBLISHABLE_KEY=');
    expect(ran.out).not.toContain('hunter2');
    expect(ran.out).toContain('By hand:\n  - Fill in VITE_CLERK_PUBLISHABLE_KEY in .env.local');
    expect(ran.code).toBe(1);
    const again = await run(folder, fix);
    expect(again.out).toContain('nothing here can be mended without a person');
    expect(again.out).toContain('Fill in VITE_CLERK_PUBLISHABLE_KEY');
  });

  it('makes an env file that only this user may read', async () => {
    const folder = project({ '.env.local': undefined });
    await run(folder, fix);
    expect(statSync(join(folder, '.env.local')).mode & 0o777).toBe(0o600);
  });

  it('calls nothing mended that is found again in other words', async () => {
    const folder = project({ '.env.local': undefined });
    const { apps, fix: done } = JSON.parse((await run(folder, [...fix, '--json'])).out) as {
      apps: { findings: { code: string; severity: string }[] }[];
      fix: { written: string[]; mended: string[] };
    };
    const left = apps.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect([done.written, left.length > 0]).toEqual([['.env.local'], true]);
    expect(done.mended.filter((code) => left.includes(code))).toEqual([]);
  });

  it('fills in the issuer where it is named and blank, and known from the key', async () => {
    const blank = env.replace(/^CLERK_JWT_ISSUER_DOMAIN=.*$/m, 'CLERK_JWT_ISSUER_DOMAIN=');
    const folder = project({ '.env.local': blank });
    const ran = await run(folder, fix);
    expect(ran.out).toContain('Mended: ISSUER_ENV_MISSING');
    expect(read(folder, '.env.local')).toBe(env);
    expect(read(folder, '.env.local')).toContain(`https://${frontendApi}`);
  });

  const webhooks = {
    'convex/clerk.ts':
      "import { clerkWebhookFunctions } from 'clerk-convex-resilience/convex';\nimport { internalMutation } from './_generated/server';\nexport const { claim, finish, fail, apply } = clerkWebhookFunctions(internalMutation);\n",
  };

  it('writes the route of the webhooks where the functions are there', async () => {
    const folder = project(webhooks);
    const ran = await run(folder, fix);
    expect(ran.out).toContain('WEBHOOK_ROUTE_MISSING');
    expect(read(folder, 'convex/http.ts')).toContain(
      "http.route({ path: '/webhooks/clerk', method: 'POST', handler: clerkWebhookAction(internal.clerk) });",
    );
    expect(ran.out).toContain('Mended: WEBHOOK_ROUTE_MISSING');
  });

  it('puts the route into a router that is there', async () => {
    const http = "import { httpRouter } from 'convex/server';\n\nconst http = httpRouter();\n\nexport default http;\n";
    const folder = project({ ...webhooks, 'convex/http.ts': http });
    const ran = await run(folder, fix);
    expect(ran.out).toContain('Mended: WEBHOOK_ROUTE_MISSING');
    expect(read(folder, 'convex/http.ts')).toContain('const http = httpRouter();\n\nhttp.route({');
  });

  it.each<[string, readonly string[], object]>([
    ['without a terminal and without --yes', ['--offline', '--fix'], {}],
    ['with --json', ['--offline', '--fix', '--json'], { isTTY: true }],
    ['when a person says no', ['--offline', '--fix'], { isTTY: true, confirm: async () => false }],
  ])('writes nothing %s', async (_name, argv, io) => {
    const folder = project({ 'convex/auth.config.ts': undefined, 'convex/schema.ts': withoutUsers });
    const before = filesIn(folder);
    const ran = await run(folder, argv, io);
    expect(filesIn(folder)).toEqual(before);
    expect(ran.out + ran.err).toContain('Nothing was written');
    expect(ran.out + ran.err).toContain('+++ b/convex/auth.config.ts');
    expect(ran.code).toBe(1);
  });

  it('writes when a person says yes', async () => {
    const folder = project({ 'convex/auth.config.ts': undefined });
    const asked: string[] = [];
    const confirm = async (question: string): Promise<boolean> => asked.push(question) > 0;
    const ran = await run(folder, ['--offline', '--fix'], { isTTY: true, confirm });
    expect(asked).toEqual(['Write this file? What is there now is copied first.']);
    expect(ran.code).toBe(0);
  });

  it('writes nothing where a file was changed while the question stood', async () => {
    const folder = project({ 'convex/schema.ts': withoutUsers });
    const confirm = async (): Promise<boolean> => {
      writeFileSync(join(folder, 'convex/schema.ts'), `${withoutUsers}// mine\n`);
      return true;
    };
    const ran = await run(folder, ['--offline', '--fix'], { isTTY: true, confirm });
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('has changed since it was read') });
    expect(read(folder, 'convex/schema.ts')).toBe(`${withoutUsers}// mine\n`);
  });

  it('writes through no link', async () => {
    const elsewhere = temporaryFolder({ 'schema.ts': withoutUsers });
    const folder = project({ 'convex/schema.ts': undefined });
    symlinkSync(join(elsewhere, 'schema.ts'), join(folder, 'convex/schema.ts'));
    const ran = await run(folder, fix);
    expect(read(elsewhere, 'schema.ts')).toBe(withoutUsers);
    expect(ran.out + ran.err).toMatch(/symbolic link|nothing here can be mended|Nothing is wrong/);
  });

  it('tells what it did as JSON', async () => {
    const folder = project({ 'convex/schema.ts': withoutUsers });
    const ran = await run(folder, [...fix, '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({
      exitCode: 0,
      fix: {
        written: ['convex/schema.ts'],
        backup: '.clerk-convex-doctor/backups/2026-11-26T18-44-04Z',
        byHand: [],
        mended: ['USERS_TABLE_MISSING'],
      },
    });
  });

  it('mends only what was asked for', async () => {
    const folder = project({ 'convex/auth.config.ts': undefined, 'convex/schema.ts': withoutUsers });
    await run(folder, [...fix, '--only', 'auth-config']);
    expect(read(folder, 'convex/schema.ts')).toBe(withoutUsers);
    expect(read(folder, 'convex/auth.config.ts')).toContain('providers');
  });

  it('has nothing to do in a project that is clean', async () => {
    const folder = project({});
    const before = filesIn(folder);
    expect((await run(folder, fix)).out).toContain('nothing here can be mended without a person');
    expect(filesIn(folder)).toEqual(before);
  });
});
