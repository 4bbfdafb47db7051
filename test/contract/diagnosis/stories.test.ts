import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FindingCode } from 'clerk-convex-resilience/diagnosis';
import { ConvexHttpClient } from 'convex/browser';
import { makeFunctionReference } from 'convex/server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../../packages/clerk-convex-doctor/src/main.ts';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { type Draft, draftOf } from '../../doctor/Draft.ts';
import { convexUrl, deployment, publishableKey, secretKey, webhookSecret } from '../../doctor/projects/instance.ts';
import { viteResilient } from '../../doctor/projects/vite.ts';
import { createWorkshop, type Workshop } from '../../doctor/writeProject.ts';
import { launchChromium } from '../../support/chromium.ts';
import { type Rig, type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';

// Two evenings that somebody had, in a real browser: what its console and the deployment say goes into a file, and the
// doctor, with that file and the app's folder, says what was wrong.

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

let browser: Browser;
let server: PageServer;
let workshop: Workshop;
beforeAll(async () => {
  workshop = createWorkshop();
  [browser, server] = await Promise.all([launchChromium(), servePages(path('./page'))]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  workshop?.close();
});

/** Plays with a browser on functions that store users; `log` has what the page and the deployment have said. */
async function play(
  { env = {}, ...options }: Pick<RigOptions, 'side'> & Partial<RigOptions> & { readonly env?: Record<string, string> },
  run: (rig: Rig, log: string[]) => Promise<void>,
): Promise<void> {
  const log: string[] = [];
  const convexOptions = { env, onLog: (line: string) => void log.push(line) };
  const rigOptions = {
    browser,
    server,
    major: 6,
    convexDir: path('./storyConvex'),
    convexOptions,
    ...options,
  } as const;
  await withRig(rigOptions, async (rig) => {
    keepConsole(rig.context, log);
    await run(rig, log);
  });
}

/** The page's console, line by line, as a person saves it: each with where it comes from. */
function keepConsole(context: BrowserContext, log: string[]): void {
  context.on('console', (message) => {
    const { url, lineNumber } = message.location();
    log.push(`${url}:${lineNumber} ${message.text()}`);
  });
  context.on('weberror', (error) => log.push(error.error().message));
}

/** An app on these emulators, with the functions that they run, and without the webhook's secret. */
function projectOn({ clerk, convex }: Rig): Draft {
  const draft = draftOf(viteResilient);
  const { convex: folder, envFile } = draft.project;
  for (const file of draft.files.keys()) if (file.startsWith(folder)) draft.files.delete(file);
  const functions = path('../../doctor/convex');
  for (const name of readdirSync(functions)) {
    if (name.endsWith('.ts')) draft.files.set(folder + name, readFileSync(join(functions, name), 'utf8'));
  }
  const env = (draft.files.get(envFile) ?? '')
    .replace(publishableKey, clerk.publishableKey)
    .replace(convexUrl, convex.url)
    .replace(`dev:${deployment}`, 'local:local-acme-chat');
  draft.files.set(envFile, `${env}CONVEX_SITE_URL=${convex.siteUrl}\n`);
  return draft;
}

/** The command as a person runs it in the app's folder, with the log that was saved there. Answers the codes that it tells. */
async function doctor(rig: Rig, log: readonly string[], ...argv: readonly string[]): Promise<readonly FindingCode[]> {
  const cwd = workshop.write(projectOn(rig));
  writeFileSync(join(cwd, 'console.log'), log.join('\n'));
  let output = '';
  const io = {
    stdout: { write: (text: string) => (output += text) },
    isTTY: false,
    env: { PATH: process.env.PATH, ...(!argv.includes('--offline') && { CLERK_SECRET_KEY: rig.clerk.secretKey }) },
    cwd,
  };
  const { url } = rig.clerk;
  const endpoints = { backendApi: url, frontendApi: url, statusPage: url };
  await main(['--log', 'console.log', '--json', ...argv], io, { endpoints, askConvex: false });
  const { apps } = JSON.parse(output) as {
    readonly apps: readonly { readonly findings: readonly { readonly code: FindingCode }[] }[];
  };
  return apps.flatMap(({ findings }) => findings.map(({ code }) => code)).sort();
}

const seenOn = async ({ context }: Rig) =>
  (await context.pages()[0]?.evaluate(() => (window as Partial<Window>).diagnosisPage?.seen)) ?? [];

/**
 * What requests for a token come to, one after the other. CDP has no ERR_NETWORK_CHANGED (`pnpm test:network` makes a
 * real one, goes on with three more of these and a 500, and reads that console with the doctor); to a page all of these are the same TypeError.
 */
const cascade = ['connectionaborted', 'connectionclosed', 'timedout', 'namenotresolved', 500] as const;

async function strike({ context, clerk }: Rig): Promise<() => number> {
  let hits = 0;
  await context.route(/\/tokens/, async (route) => {
    const fault = cascade[hits++];
    if (fault === 500) clerk.faults.add({ match: '/tokens', times: 1, action: { type: 'status', status: 500 } });
    await (typeof fault === 'string' ? route.abort(fault) : route.continue());
  });
  return () => hits;
}

/** Somebody who is signed in loads the page anew while the cascade goes on. Answers how many requests it has hit. */
async function reloadInCascade(rig: Rig): Promise<() => number> {
  const page = await rig.openTab();
  await rig.signedIn(page);
  const hits = await strike(rig);
  await page.reload();
  return hits;
}

it.concurrent('a cascade of network errors, and no signing secret: both are named, and nothing else', () =>
  play({ side: 'drop-in' }, (rig, log) =>
    play({ side: 'plain' }, async (plain) => {
      const [hits] = await Promise.all([reloadInCascade(rig), reloadInCascade(plain)]);
      const page = rig.context.pages()[0] as Page;
      await rig.signedIn(page);
      expect(hits()).toBeGreaterThanOrEqual(cascade.length);
      expect((await seenOn(rig)).map((seen) => seen.convex)).not.toContain('signed_out');
      expect(rig.ranAsNobody(), noAccident).toEqual([]);
      // Beside it plain has run functions as nobody, and still waits for its user.
      expect(plain.ranAsNobody()).not.toEqual([]);
      expect((await seenOn(plain)).map((seen) => seen.convex)).not.toContain('authenticated');

      const { clerk, convex } = rig;
      clerk.webhooks.connect(`${convex.siteUrl}/clerk-users-webhook`);
      await clerk.webhooks.send({ type: 'user.updated', data: { id: 'user_1' } });
      const codes = await doctor(rig, log, '--offline');
      expect(codes).toEqual(['TOKEN_REQUESTS_FAILED', 'WEBHOOK_SECRET_MISSING']);
      const text = log.join('\n');
      for (const name of ['ERR_CONNECTION_CLOSED', 'ERR_TIMED_OUT', 'ERR_NAME_NOT_RESOLVED', 'status of 500']) {
        expect(text).toContain(name);
      }
    }),
  ));

const list = makeFunctionReference<'query'>('users:list');

it.concurrent('functions run as nobody: the template is named as missing, and with it the user is stored', () =>
  play(
    {
      side: 'plain',
      url: `${server.url}?store`,
      clerkOptions: { jwtTemplates: {}, secretKey },
      env: { CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret },
    },
    async (rig, log) => {
      const users = new ConvexHttpClient(rig.convex.url);
      const page = await rig.openTab();
      const text = () => log.join('\n');
      await rig.until('the app to have called it', () => /Uncaught Error: Not authenticated/.test(text()));
      expect(text()).toMatch(/users:store called'? \{ hasIdentity: false \}/);
      expect(await users.query(list, {})).toEqual([]);

      expect(await doctor(rig, log)).toEqual(['JWT_TEMPLATE_MISSING']);

      rig.clerk.configure({ jwtTemplates: { convex: { claims: { aud: 'convex' } } } });
      await page.reload();
      await rig.signedIn(page);
      await rig.until('the row', async () => (await users.query(list, {})).length > 0);
    },
  ));
