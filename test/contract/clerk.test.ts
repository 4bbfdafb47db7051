import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClerkEmulator } from '../../packages/clerk-convex-emulators/src/clerk/createClerkEmulator.ts';
import type { ClerkEmulator } from '../../packages/clerk-convex-emulators/src/clerk/types.ts';
import { launchChromium, newRealisticContext } from '../support/chromium.ts';
import type { PageSettings } from './clerkPage/pageSettings.ts';
import { type PageServer, servePage } from './clerkPage/servePage.ts';

// The emulator is right when the real clerk-js of both majors, in a real browser, cannot tell.

const ada = { identifier: 'ada@example.com', password: 'correct-horse-battery' };
let browser: Browser;
let server: PageServer;
let context: BrowserContext;
let problems: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), servePage()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe.each([5, 6] as const)('clerk-js %i on the emulator', (major) => {
  let clerk: ClerkEmulator;

  beforeAll(async () => {
    clerk = await createClerkEmulator({
      users: [
        {
          emailAddress: ada.identifier,
          password: ada.password,
          firstName: 'Ada',
          lastName: 'Lovelace',
          organizations: [{ slug: 'acme', role: 'org:admin' }, { slug: 'globex' }],
        },
        { emailAddress: 'bob@example.com', firstName: 'Bob' },
      ],
      organizations: [
        { slug: 'acme', name: 'Acme' },
        { slug: 'globex', name: 'Globex' },
      ],
    });
  });
  afterAll(() => clerk.close());
  // Here, not once for both majors: a page that is still open would write into the next test's log.
  afterEach(async () => {
    await context.close();
    clerk.reset();
  });

  /** Opens the page in a fresh browser profile and waits until clerk-js has loaded. */
  async function open({ seed = false, ...settings }: Partial<PageSettings> & { seed?: boolean } = {}) {
    context = await newRealisticContext(browser);
    problems = [];
    const seeded = seed ? clerk.signInBrowser() : undefined;
    if (seeded) await context.addCookies([...seeded.cookies]);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => problems.push(String(error)));
    const { publishableKey, url: proxyUrl } = clerk;
    const scripted = major === 5 ? clerk.providerProps(5) : clerk.providerProps(6);
    const providerProps = settings.load === 'bundle' ? { publishableKey, proxyUrl } : scripted;
    await page.goto(server.url({ providerProps, load: 'script', show: 'nothing', ...settings }, major));
    await loaded(page);
    return { page, sessionId: seeded?.sessionId ?? '' };
  }
  const loaded = (page: Page) => page.waitForFunction(() => window.page?.auth.isLoaded, null, { timeout: 15_000 });
  const signedIn = (page: Page) => page.waitForFunction(() => window.page?.auth.isSignedIn, null, { timeout: 10_000 });
  const signedOut = (page: Page, timeout = 10_000) =>
    page.waitForFunction(() => window.page?.auth.isSignedIn === false, null, { timeout });
  const signIn = async (page: Page) => {
    await page.evaluate(async ({ identifier, password }) => {
      const attempt = await window.page.clerk.client?.signIn.create({ strategy: 'password', identifier, password });
      await window.page.clerk.setActive({ session: attempt?.createdSessionId ?? null });
    }, ada);
    await signedIn(page);
  };
  const verify = (token: string | null, audience?: string) =>
    jwtVerify(token ?? '', createRemoteJWKSet(new URL(`${clerk.url}/.well-known/jwks.json`)), {
      issuer: clerk.issuer,
      ...(audience ? { audience } : {}),
    });

  it('boots, signs in with a password, mints tokens that verify, stays signed in over a reload, and signs out', async () => {
    const { page } = await open();
    expect(await page.evaluate(() => window.page.clerk.version)).toMatch(new RegExp(`^${major}\\.`));
    expect(await page.textContent('#state')).toBe('signed out');
    await signIn(page);

    const session = await verify(await page.evaluate(() => window.page.auth.getToken({ skipCache: true })));
    const template = await verify(
      await page.evaluate(() => window.page.auth.getToken({ template: 'convex' })),
      'convex',
    );
    const { userId, sessionId } = await page.evaluate(() => window.page.auth);
    expect(session.payload).toMatchObject({ sub: userId, sid: sessionId, azp: new URL(page.url()).origin });
    expect(template.payload).toMatchObject({ sub: userId, email: ada.identifier, name: 'Ada Lovelace' });

    await page.reload();
    await loaded(page);
    expect(await page.textContent('#state')).toBe('signed in');

    await page.evaluate(() => window.page.clerk.signOut());
    await signedOut(page);
    expect(clerk.isSessionActive(sessionId ?? '')).toBe(false);
    await page.goto(page.url());
    await loaded(page);
    expect(await page.textContent('#state')).toBe('signed out');
    expect(problems).toEqual([]);
  });

  it('signs in with a ticket', async () => {
    const { page } = await open();
    await page.evaluate(async (ticket) => {
      const attempt = await window.page.clerk.client?.signIn.create({ strategy: 'ticket', ticket });
      await window.page.clerk.setActive({ session: attempt?.createdSessionId ?? null });
    }, clerk.createSignInTicket('bob@example.com'));
    await signedIn(page);
    expect((await page.evaluate(() => window.page.auth)).userId).toMatch(/^user_/);
  });

  it('refuses a wrong password with the error that clerk-js knows', async () => {
    const { page } = await open();
    const error = await page.evaluate(
      (identifier) =>
        window.page.clerk.client?.signIn.create({ strategy: 'password', identifier, password: 'wrong' }).then(
          () => undefined,
          ({ status, errors }: { status: number; errors: Array<{ code: string }> }) => [status, errors[0]?.code],
        ),
      ada.identifier,
    );
    expect(error).toEqual([422, 'form_password_incorrect']);
  });

  it('signs up', async () => {
    const { page } = await open();
    const status = await page.evaluate(async () => {
      const attempt = await window.page.clerk.client?.signUp.create({
        emailAddress: 'eve@example.com',
        password: 'a-long-password',
      });
      await window.page.clerk.setActive({ session: attempt?.createdSessionId ?? null });
      return attempt?.status;
    });
    await signedIn(page);
    const { payload } = await verify(await page.evaluate(() => window.page.auth.getToken({ template: 'convex' })));
    expect([status, payload.email]).toEqual(['complete', 'eve@example.com']);
  });

  it('puts the claims of the organisation that was switched to into tokens', async () => {
    const { page } = await open({ seed: true });
    await signedIn(page);
    const claims = async () => (await verify(await page.evaluate(() => window.page.auth.getToken()))).payload;
    expect(await claims()).not.toHaveProperty('o');
    await page.evaluate(() => window.page.clerk.setActive({ organization: 'acme' }));
    await page.waitForFunction(() => window.page.auth.orgSlug === 'acme');
    expect((await claims()).o).toMatchObject({ slg: 'acme', rol: 'admin' });
    await page.reload();
    await loaded(page);
    expect((await claims()).o).toMatchObject({ slg: 'acme' });
    await page.evaluate(() => window.page.clerk.setActive({ organization: null }));
    await page.waitForFunction(() => window.page.auth.orgSlug == null);
    expect(await claims()).not.toHaveProperty('o');
  });

  it('starts a seeded browser signed in, and ends a revoked session', async () => {
    const { page, sessionId } = await open({ seed: true });
    expect(await page.textContent('#state')).toBe('signed in');
    expect((await page.evaluate(() => window.page.auth)).sessionId).toBe(sessionId);
    clerk.revokeSession(sessionId);
    await page.evaluate(() => window.page.auth.getToken({ skipCache: true }).catch(() => null));
    await signedOut(page);
  });

  it('names a missing JWT template', async () => {
    const { page } = await open({ seed: true });
    const error = await page.evaluate(() =>
      window.page.auth.getToken({ template: 'none' }).then(
        () => undefined,
        ({ status, errors }: { status: number; errors: Array<{ code: string }> }) => [status, errors[0]?.code],
      ),
    );
    expect(error).toEqual([404, 'resource_not_found']);
  });

  it('runs when clerk-js is bundled with the page, and on answers with unknown fields', async () => {
    clerk.configure({ responseShape: 'unknown_version' });
    const { page } = await open({ seed: true, load: 'bundle' });
    expect(await page.textContent('#state')).toBe('signed in');
    await verify(await page.evaluate(() => window.page.auth.getToken({ skipCache: true })));
    expect(clerk.log.filter(({ path }) => path.startsWith('/npm/'))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('lets a person sign in with <SignIn/>, switch with <OrganizationSwitcher/> and leave with <UserButton/>', async () => {
    const { page } = await open({ show: 'sign-in' });
    await page.fill('input[name=identifier]', ada.identifier);
    await page.click('.cl-formButtonPrimary');
    await page.fill('input[name=password]', 'not-the-password');
    await page.click('.cl-formButtonPrimary');
    await page.getByText('Password is incorrect').first().waitFor();
    await page.fill('input[name=password]', ada.password);
    await page.click('.cl-formButtonPrimary');
    await signedIn(page);

    const settings = await page.evaluate(() => window.pageSettings);
    await page.goto(server.url({ ...settings, show: 'signed-in' }, major));
    await page.click('.cl-organizationSwitcherTrigger');
    await page.getByText('Globex', { exact: true }).click();
    await page.waitForFunction(() => window.page.auth.orgSlug === 'globex');
    await page.click('.cl-userButtonTrigger');
    await page.getByText('Sign out', { exact: true }).click();
    await signedOut(page);
    expect(problems).toEqual([]);
  });

  it('lets a person sign up with <SignUp/>', async () => {
    const { page } = await open({ show: 'sign-up' });
    await page.fill('input[name=emailAddress]', 'eve@example.com');
    await page.fill('input[name=password]', 'a-long-password');
    await page.click('.cl-formButtonPrimary');
    await signedIn(page);
    expect(clerk.webhooks.deliveries.map(({ event }) => event.type)).toEqual(['user.created', 'session.created']);
    expect(problems).toEqual([]);
  });
});
