import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { ClerkPages } from './clerkPages.ts';
import type { PageSettings } from './pageSettings.ts';

/** A Clerk instance, emulated or real, with one user to sign in. */
export interface ClerkUnderTest {
  providerProps(major: 5 | 6): PageSettings['providerProps'];
  /** Where clerk-js comes from. */
  readonly load: PageSettings['load'];
  /** `iss` of its tokens; its keys are at `/.well-known/jwks.json` below. */
  readonly issuer: string;
  readonly emailAddress: string;
  /** Slug of an organisation that the user belongs to. */
  readonly organization: string;
  /** A ticket that signs the user in once. */
  createTicket(): Promise<string>;
  revokeSession(sessionId: string): Promise<void>;
  isSessionActive(sessionId: string): Promise<boolean>;
}

/** Signs in with a ticket, as clerk-js would from a link in an e-mail. */
export async function signInWithTicket(page: Page, ticket: string): Promise<void> {
  await page.evaluate(async (ticket) => {
    const attempt = await window.page.clerk.client?.signIn.create({ strategy: 'ticket', ticket });
    await window.page.clerk.setActive({ session: attempt?.createdSessionId ?? null });
  }, ticket);
}

/** Is it a token of this instance? Answers what it says. */
export const verifyToken = (token: string | null, issuer: string, audience?: string) =>
  jwtVerify(token ?? '', createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)), {
    issuer,
    ...(audience !== undefined && { audience }),
  });

/** What real clerk-js relies on, and what therefore holds for the emulator and for Clerk itself. */
export function clerkContract(pages: ClerkPages, clerk: () => ClerkUnderTest): void {
  const { major, loaded, signedIn, signedOut } = pages;
  const open = () => pages.open({ providerProps: clerk().providerProps(major), load: clerk().load, show: 'nothing' });
  const openSignedIn = async () => {
    const page = await open();
    await signInWithTicket(page, await clerk().createTicket());
    await signedIn(page);
    return page;
  };
  const verify = (token: string | null, audience?: string) => verifyToken(token, clerk().issuer, audience);

  it('boots, signs in with a ticket, mints tokens that verify, stays signed in over a reload, and signs out', async () => {
    const page = await open();
    expect(await page.evaluate(() => window.page.clerk.version)).toMatch(new RegExp(`^${major}\\.`));
    expect(await page.textContent('#state')).toBe('signed out');
    await signInWithTicket(page, await clerk().createTicket());
    await signedIn(page);

    const session = await verify(await page.evaluate(() => window.page.auth.getToken({ skipCache: true })));
    const template = await verify(
      await page.evaluate(() => window.page.auth.getToken({ template: 'convex' })),
      'convex',
    );
    const { userId, sessionId } = await page.evaluate(() => window.page.auth);
    expect(session.payload).toMatchObject({ sub: userId, sid: sessionId, azp: new URL(page.url()).origin });
    expect(template.payload).toMatchObject({ sub: userId, email: clerk().emailAddress });

    await page.reload();
    await loaded(page);
    expect(await page.textContent('#state')).toBe('signed in');

    // clerk-js loads the page anew when it has signed out, maybe before its promise is settled.
    const loadedAnew = page.waitForEvent('load');
    await page.evaluate(() => void window.page.clerk.signOut());
    await loadedAnew;
    await signedOut(page);
    expect(await clerk().isSessionActive(sessionId ?? '')).toBe(false);
    await page.goto(page.url());
    await loaded(page);
    expect(await page.textContent('#state')).toBe('signed out');
    expect(pages.problems()).toEqual([]);
  });

  it('mints another token each time that one is forced', async () => {
    const page = await openSignedIn();
    const token = () => page.evaluate(() => window.page.auth.getToken({ skipCache: true }));
    const [first, cached] = [await token(), await page.evaluate(() => window.page.auth.getToken())];
    expect(cached).toBe(first);
    await page.waitForTimeout(1_100); // `iat` counts seconds
    expect(await token()).not.toBe(first);
  });

  it('puts the claims of the organisation that was switched to into tokens', async () => {
    const page = await openSignedIn();
    const slug = clerk().organization;
    const claims = async () => (await verify(await page.evaluate(() => window.page.auth.getToken()))).payload;
    await page.evaluate(() => window.page.clerk.setActive({ organization: null }));
    await page.waitForFunction(() => window.page.auth.orgSlug == null);
    expect(await claims()).not.toHaveProperty('o');
    await page.evaluate((organization) => window.page.clerk.setActive({ organization }), slug);
    await page.waitForFunction((slug) => window.page.auth.orgSlug === slug, slug);
    expect((await claims()).o).toMatchObject({ slg: slug });
    await page.reload();
    await loaded(page);
    expect((await claims()).o).toMatchObject({ slg: slug });
  });

  it('ends a session that is revoked', async () => {
    const page = await openSignedIn();
    await clerk().revokeSession((await page.evaluate(() => window.page.auth.sessionId)) ?? '');
    await page.evaluate(() => window.page.auth.getToken({ skipCache: true }).catch(() => null));
    await signedOut(page);
  });

  it('tells the other tabs of a sign-out, on its channel', async () => {
    const page = await openSignedIn();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await signedIn(other);
    await other.evaluate(() => {
      const heard: unknown[] = [];
      new BroadcastChannel('clerk').onmessage = ({ data }) => heard.push(data);
      Object.assign(window, { heard });
    });
    await page.evaluate(() => void window.page.clerk.signOut());
    await expect.poll(() => other.evaluate(() => Reflect.get(window, 'heard'))).toContainEqual({ type: 'signout' });
    await signedOut(other);
  });

  it('names a missing JWT template', async () => {
    const page = await openSignedIn();
    const error = await page.evaluate(() =>
      window.page.auth.getToken({ template: 'there-is-none-of-this-name' }).then(
        () => undefined,
        ({ status, errors }: { status: number; errors: Array<{ code: string }> }) => [status, errors[0]?.code],
      ),
    );
    expect(error).toEqual([404, 'resource_not_found']);
  });
}
