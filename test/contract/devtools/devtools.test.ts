import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../support/engines/Engine.ts';
import { openEngine } from '../../support/engines/openEngine.ts';
import { type PageServer, servePage } from '../../support/page/servePage.ts';
import type { PageRecord } from '../../support/page/settings.ts';
import { type EngineUser, openUser } from '../engines/openUser.ts';

// The panel over an app with the real clients: what it simulates is met by the library, shown, and over when it ends.

let server: PageServer;
let engine: Engine;
let user: EngineUser;
let page: Page;
beforeAll(async () => {
  server = await servePage([fileURLToPath(new URL('./clerk6.tsx', import.meta.url))]);
  engine = await openEngine('chromium');
  user = await openUser(engine, server);
  page = user.profile.page as Page;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
});
afterAll(async () => {
  await user?.close();
  await engine?.close();
  server?.close();
});

const patience = 30_000; // only a failure takes that long
const health = (status: string) => page.getByRole('button', { name: `Auth: ${status}` }).waitFor({ timeout: patience });
const click = (name: string) => page.getByRole('button', { name, exact: true }).click();
const log = () => page.getByRole('log').getByRole('listitem').allTextContents();
const logged = (text: RegExp) => expect.poll(async () => (await log()).some((line) => text.test(line))).toBe(true);
const token = () => page.evaluate<string>('Clerk.session.getToken({ template: "convex" })');

it('shows the state and breaks the network of the tab, and nobody is signed out by it', async () => {
  await user.load({ major: 6, side: 'resilient' });
  await health('healthy');
  await click('Auth: healthy');
  await page.getByRole('region', { name: 'Auth devtools' }).waitFor();
  // It was there before the effects of the provider.
  await logged(/The Convex deployment is/);
  await logged(/Convex confirmed the identity/);
  await page.getByText('convex', { exact: true }).first().waitFor();

  await click('Answer 500');
  await click('Expire token');
  await health('recovering');
  await logged(/Attempt 1 of the request for a token failed \(server 500/);
  await sleep(2_000);
  await click('Answer 500');
  await health('healthy');
  await logged(/the request for a token works again/i);

  await click('Offline');
  expect(await page.evaluate('navigator.onLine')).toBe(false);
  await logged(/Convex's socket was lost/);
  await click('Expire token');
  await logged(/\(offline, of browser\)/);
  // Convex tries several times meanwhile.
  for (let i = 0; i < 8; i++) {
    expect(await page.evaluate('isConvexConnected()')).toBe(false);
    await sleep(500);
  }
  await click('Offline');
  await health('healthy');
  await logged(/Convex's socket opened/);
  expect(await page.evaluate('[navigator.onLine, isConvexConnected()]')).toEqual([true, true]);

  await click('Hang');
  await click('Expire token');
  await health('recovering');
  await logged(/is slow: another one was sent beside it/);
  await click('Hang');
  await health('healthy');

  const minted = await token();
  expect(minted.split('.')).toHaveLength(3);
  const email = await page.evaluate<string>('Clerk.user.primaryEmailAddress.emailAddress');
  const html = await page.content();
  await click('Copy report');
  await page.getByText('Copied').waitFor();
  const report = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(report).toMatch(/clerk-js 6\.40\.0, convex 1\.48\.0, react 19/);
  expect(report).toContain('- health: healthy');
  expect(report).toMatch(/Attempt 1 of the request for a token failed/);
  for (const part of [email, ...minted.split('.')]) expect(report).not.toContain(part);
  for (const part of minted.split('.')) expect(html).not.toContain(part);
  expect(html + report).not.toMatch(/eyJ[\w-]{8}/);

  const told = (await user.profile.told()) as PageRecord[];
  const views = told.flatMap((record) => (record.kind === 'view' ? [`${record.view} ${record.mounted}`] : []));
  expect(views.at(-1)).toBe('authenticated true');
  expect(views).not.toContain('unauthenticated true');
  expect(views.filter((view) => view === 'authenticated false')).toEqual([]);
});
