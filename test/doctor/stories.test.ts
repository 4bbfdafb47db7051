import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClerkEmulator, createClerkEmulator, createConvexEmulator } from 'clerk-convex-emulators';
import type { FindingCode, FindingSeverity } from 'clerk-convex-resilience/diagnosis';
import { ConvexHttpClient } from 'convex/browser';
import { makeFunctionReference } from 'convex/server';
import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../packages/clerk-convex-doctor/src/main.ts';
import { type Draft, draftOf } from './Draft.ts';
import type { CleanProject } from './projects/CleanProject.ts';
import { convexUrl, deployment, publishableKey, secretKey, webhookSecret } from './projects/instance.ts';
import { next } from './projects/next.ts';
import { viteResilient } from './projects/vite.ts';
import { createWorkshop } from './writeProject.ts';

// Two evenings that somebody had: what they saw goes in, and what was wrong comes out.

const store = makeFunctionReference<'mutation'>('users:store');
const list = makeFunctionReference<'query'>('users:list');

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Starts Clerk, and Convex with these functions and this environment, and writes an app that uses both. */
async function setUp(
  project: CleanProject,
  functions: string,
  env: Readonly<Record<string, string>>,
  clerkOptions: Parameters<typeof createClerkEmulator>[0] = {},
) {
  const lines: string[] = [];
  const clerk = await createClerkEmulator({ secretKey, ...clerkOptions });
  cleanups.push(() => clerk.close());
  const deployed = { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer, ...env };
  const dir = fileURLToPath(new URL(functions, import.meta.url));
  const convex = await createConvexEmulator({ dir, env: deployed, onLog: (line) => lines.push(line) });
  cleanups.push(() => convex.close());

  const draft = draftOf(project);
  for (const file of draft.files.keys()) if (file.startsWith(project.convex)) draft.files.delete(file);
  for (const name of readdirSync(dir)) {
    if (name.endsWith('.ts')) draft.files.set(project.convex + name, readFileSync(join(dir, name), 'utf8'));
  }
  const env_ = (draft.files.get(project.envFile) ?? '')
    .replace(publishableKey, clerk.publishableKey)
    .replace(convexUrl, convex.url)
    .replace(`dev:${deployment}`, 'local:local-acme-chat');
  draft.files.set(project.envFile, `${env_}CONVEX_SITE_URL=${convex.siteUrl}\n`);
  answerEnvList(draft, deployed);
  return { clerk, convex, lines, draft };
}

/** Convex's CLI as far as it is asked, with what the deployment's dashboard would show. */
function answerEnvList(draft: Draft, env: Readonly<Record<string, string>>): void {
  const listed = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  draft.files.set('node_modules/convex/list.cjs', `console.log(${JSON.stringify(listed.join('\n'))});\n`);
  const manifest = JSON.parse(draft.files.get('node_modules/convex/package.json') ?? '{}') as object;
  draft.files.set('node_modules/convex/package.json', JSON.stringify({ ...manifest, bin: { convex: 'list.cjs' } }));
}

interface Told {
  readonly exitCode: number;
  readonly findings: readonly { readonly code: FindingCode; readonly severity: FindingSeverity }[];
}

/** The command as a person runs it in the app's folder, with `--json`. */
async function doctor(draft: Draft, clerk: ClerkEmulator, ...argv: readonly string[]): Promise<Told> {
  const workshop = createWorkshop();
  cleanups.push(() => workshop.close());
  const cwd = workshop.write(draft);
  let output = '';
  let complaints = '';
  const io = {
    stdout: { write: (text: string) => (output += text) },
    stderr: { write: (text: string) => (complaints += text) },
    stdin: (async function* () {})(),
    isTTY: false,
    env: { PATH: process.env.PATH },
    cwd,
    now: () => Date.now(),
    confirm: () => Promise.resolve(false),
    interrupted: () => AbortSignal.abort(),
  };
  const endpoints = { backendApi: clerk.url, frontendApi: clerk.url, statusPage: clerk.url };
  const exitCode = await main(['--json', ...argv], io, { endpoints });
  expect(complaints).toBe('');
  expect(output).not.toContain(secretKey);
  const { apps } = JSON.parse(output) as { readonly apps: readonly Pick<Told, 'findings'>[] };
  return { exitCode, findings: apps.flatMap(({ findings }) => findings) };
}

const told = ({ findings }: Told) => findings.map(({ code, severity }) => `${severity} ${code}`).sort();

describe('a cascade of network errors, and no signing secret', () => {
  const tokens = 'https://main-swine-30.clerk.accounts.dev/v1/client/sessions/sess_2xK/tokens/convex';
  // As Chromium's console has it.
  const consoleLog = [
    `POST ${tokens}?__clerk_api_version=2026-05-12&_clerk_js_version=6.40.0 net::ERR_NETWORK_CHANGED`,
    `POST ${tokens}?__clerk_api_version=2026-05-12&_clerk_js_version=6.40.0 net::ERR_CONNECTION_CLOSED`,
    `POST ${tokens}?__clerk_api_version=2026-05-12&_clerk_js_version=6.40.0 net::ERR_TIMED_OUT`,
    `POST ${tokens}?__clerk_api_version=2026-05-12&_clerk_js_version=6.40.0 net::ERR_TIMED_OUT`,
    `POST ${tokens}?__clerk_api_version=2026-05-12&_clerk_js_version=6.40.0 net::ERR_NAME_NOT_RESOLVED`,
    `POST ${tokens}?__clerk_api_version=2026-05-12&_clerk_js_version=6.40.0 500 (Internal Server Error)`,
  ].join('\n');

  test('the network is named as what passes, the secret as what is wrong, and nothing else', async () => {
    const { clerk, draft } = await setUp(viteResilient, '../../examples/vite-app/convex', {});
    draft.files.set('console.txt', consoleLog);
    const report = await doctor(draft, clerk, '--log', 'console.txt');
    expect(told(report)).toEqual(['error WEBHOOK_SECRET_MISSING', 'info TOKEN_REQUESTS_FAILED']);
    expect(report.findings.find(({ code }) => code === 'TOKEN_REQUESTS_FAILED')).toMatchObject({
      args: { seen: expect.stringMatching(/ERR_TIMED_OUT.*2/) },
    });
    expect(report.exitCode).toBe(1);
  });

  test('with the secret set, only that the network failed is left, and that is no error', async () => {
    const { clerk, draft } = await setUp(viteResilient, '../../examples/vite-app/convex', {
      CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret,
    });
    draft.files.set('console.txt', consoleLog);
    const report = await doctor(draft, clerk, '--log', 'console.txt');
    expect(told(report)).toEqual(['info TOKEN_REQUESTS_FAILED']);
    expect(report.exitCode).toBe(0);
  });
});

describe('functions run as nobody, because no template is called convex', () => {
  const setUpWithout = () =>
    setUp(next, './convex', { CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret }, { jwtTemplates: {} });

  /** Somebody signs in, and the app stores the user with the token that it gets: none. */
  async function signInAndStore({ clerk, convex, lines }: Awaited<ReturnType<typeof setUpWithout>>): Promise<string> {
    const { sessionId } = clerk.signInBrowser();
    const client = new ConvexHttpClient(convex.url, { logger: false });
    const token = await clerk.mintToken(sessionId, 'convex').catch(() => null);
    if (token) client.setAuth(token);
    const failure = await client.mutation(store, {}).then(
      () => '',
      (error: Error) => error.message,
    );
    return [...lines, failure].join('\n');
  }

  test('the symptom alone is named as such', async () => {
    const world = await setUpWithout();
    const log = await signInAndStore(world);
    expect(log).toMatch(/users:store called'? \{ hasIdentity: false \}/);
    expect(log).toMatch(/Uncaught Error: Not authenticated/);
    world.draft.files.set('console.txt', log);
    expect(told(await doctor(world.draft, world.clerk, '--offline', '--log', 'console.txt'))).toEqual([
      'error FUNCTION_RAN_WITHOUT_IDENTITY',
    ]);
  });

  test('the cause is found where Clerk may be asked, and takes the place of the symptom', async () => {
    const world = await setUpWithout();
    const log = await signInAndStore(world);
    const client = new ConvexHttpClient(world.convex.url);
    expect(await client.query(list, {})).toEqual([]);
    world.draft.files.set('console.txt', log);
    const report = await doctor(world.draft, world.clerk, '--log', 'console.txt');
    expect(told(report)).toEqual(['error JWT_TEMPLATE_MISSING']);
    expect(report.exitCode).toBe(1);

    // What it says is what helps.
    world.clerk.configure({ jwtTemplates: { convex: { claims: { aud: 'convex' } } } });
    await signInAndStore(world);
    expect(await client.query(list, {})).toHaveLength(1);
    expect(await doctor(world.draft, world.clerk)).toEqual({ exitCode: 0, findings: [] });
  });
});
