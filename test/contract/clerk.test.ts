import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClerkEmulator } from '../../packages/clerk-convex-emulators/src/clerk/createClerkEmulator.ts';
import type { ClerkEmulator } from '../../packages/clerk-convex-emulators/src/clerk/types.ts';
import { clerkContract, verifyToken } from './clerkPage/clerkContract.ts';
import { clerkPages } from './clerkPage/clerkPages.ts';
import type { PageSettings } from './clerkPage/pageSettings.ts';

// The emulator is right when the real clerk-js of both majors, in a real browser, cannot tell.

const ada = { identifier: 'ada@example.com', password: 'correct-horse-battery' };

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
  // Before the pages' own, which therefore runs first: a page that is still open would write into the next test's log.
  afterEach(() => clerk.reset());
  const pages = clerkPages(major);
  const { signedIn, signedOut } = pages;

  clerkContract(pages, () => ({
    providerProps,
    load: 'script',
    issuer: clerk.issuer,
    emailAddress: ada.identifier,
    organization: 'acme',
    createTicket: async () => clerk.createSignInTicket(),
    revokeSession: async (sessionId) => clerk.revokeSession(sessionId),
    isSessionActive: async (sessionId) => clerk.isSessionActive(sessionId),
  }));

  const providerProps = () => (major === 5 ? clerk.providerProps(5) : clerk.providerProps(6));
  async function open({ seed = false, ...settings }: Partial<PageSettings> & { seed?: boolean } = {}) {
    const seeded = seed ? clerk.signInBrowser() : undefined;
    const page = await pages.open({ providerProps: providerProps(), load: 'script', show: 'nothing', ...settings }, [
      ...(seeded?.cookies ?? []),
    ]);
    return { page, sessionId: seeded?.sessionId ?? '' };
  }
  const verify = (token: string | null) => verifyToken(token, clerk.issuer);

  it('signs in with a password', async () => {
    const { page } = await open();
    await page.evaluate(async ({ identifier, password }) => {
      const attempt = await window.page.clerk.client?.signIn.create({ strategy: 'password', identifier, password });
      await window.page.clerk.setActive({ session: attempt?.createdSessionId ?? null });
    }, ada);
    await signedIn(page);
    const { payload } = await verify(await page.evaluate(() => window.page.auth.getToken({ template: 'convex' })));
    expect(payload).toMatchObject({ email: ada.identifier, name: 'Ada Lovelace' });
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

  it('starts a seeded browser signed in', async () => {
    const { page, sessionId } = await open({ seed: true });
    expect(await page.textContent('#state')).toBe('signed in');
    expect((await page.evaluate(() => window.page.auth)).sessionId).toBe(sessionId);
  });

  it('runs when clerk-js is bundled with the page, and on answers with unknown fields', async () => {
    clerk.configure({ responseShape: 'unknown_version' });
    const { page } = await open({
      seed: true,
      load: 'bundle',
      providerProps: { publishableKey: clerk.publishableKey, proxyUrl: clerk.url },
    });
    expect(await page.textContent('#state')).toBe('signed in');
    await verify(await page.evaluate(() => window.page.auth.getToken({ skipCache: true })));
    expect(clerk.log.filter(({ path }) => path.startsWith('/npm/@clerk/clerk-js'))).toEqual([]);
    expect(pages.problems()).toEqual([]);
  });

  it('lets a person sign in with <SignIn/>, switch with <OrganizationSwitcher/> and leave with <UserButton/>', async () => {
    const { page } = await open({ show: 'sign-in' });
    await page.waitForLoadState('networkidle'); // what the form still loads may render it anew
    await page.fill('input[name=identifier]', ada.identifier);
    await page.click('.cl-formButtonPrimary');
    await page.fill('input[name=password]', 'not-the-password');
    await page.click('.cl-formButtonPrimary');
    await page.getByText('Password is incorrect').first().waitFor();
    await page.fill('input[name=password]', ada.password);
    await page.click('.cl-formButtonPrimary');
    await signedIn(page);

    const settings = await page.evaluate(() => window.pageSettings);
    await page.goto(pages.url({ ...settings, show: 'signed-in' }));
    await page.click('.cl-organizationSwitcherTrigger');
    await page.getByText('Globex', { exact: true }).click();
    await page.waitForFunction(() => window.page.auth.orgSlug === 'globex');
    await page.click('.cl-userButtonTrigger');
    const loadedAnew = page.waitForEvent('load');
    await page.getByText('Sign out', { exact: true }).click();
    await loadedAnew;
    await signedOut(page);
    expect(pages.problems()).toEqual([]);
  });

  it('lets a person sign up with <SignUp/>', async () => {
    const { page } = await open({ show: 'sign-up' });
    await page.waitForLoadState('networkidle'); // what the form still loads may render it anew
    await page.fill('input[name=emailAddress]', 'eve@example.com');
    await page.fill('input[name=password]', 'a-long-password');
    await page.click('.cl-formButtonPrimary');
    await signedIn(page);
    expect(clerk.webhooks.deliveries.map(({ event }) => event.type)).toEqual(['user.created', 'session.created']);
    expect(pages.problems()).toEqual([]);
  });
});
