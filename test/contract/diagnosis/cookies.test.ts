import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type ClerkEmulator, createClerkEmulator } from 'clerk-convex-emulators';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { createTlsFront, type TlsFront } from '../frontendApi/createTlsFront.ts';
import { signIn } from '../frontendApi/signIn.ts';
import { type Rig, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';
import { convexIs, seenOn } from './diagnosed.ts';
import { takeCookiesOf } from './rows.ts';

// Cookies that are not as they should be, and that harm nobody: nothing is refused, so nothing is found.

/** The app, Clerk's Frontend API of its development key, and somebody else's cookie: three sites. */
const [appHost, clerkHost, otherHost] = [
  'app.example.test',
  'happy-cat-12.clerk.accounts.dev',
  'cookies.elsewhere.test',
];

let browser: Browser;
let server: PageServer;
let front: TlsFront;
let baker: Server;
let other: ClerkEmulator;
/** What the browser has sent to the one that sets a cookie. */
const sent: (string | undefined)[] = [];
beforeAll(async () => {
  front = await createTlsFront();
  const rules = [appHost, clerkHost, otherHost].map((host) => `MAP ${host} 127.0.0.1:${front.port}`).join(', ');
  baker = createServer(({ headers, url }, response) => {
    if (url === '/') sent.push(headers.cookie);
    response.writeHead(200, {
      'access-control-allow-origin': `https://${appHost}`,
      'access-control-allow-credentials': 'true',
      'set-cookie': '__client=1; Path=/; Secure; HttpOnly; SameSite=None',
    });
    response.end('ok');
  });
  await new Promise<void>((resolve) => baker.listen(0, '127.0.0.1', resolve));
  [browser, server, other] = await Promise.all([
    launchChromium(undefined, { args: [`--host-resolver-rules=${rules}`, '--test-third-party-cookie-phaseout'] }),
    servePages(fileURLToPath(new URL('./page', import.meta.url))),
    createClerkEmulator(),
  ]);
  front.route(appHost, server.port);
  front.route(otherHost, (baker.address() as AddressInfo).port);
});
afterAll(async () => {
  await browser?.close();
  for (const each of [server, front, baker]) each?.close();
  await other?.close();
});

/** Signs in by a ticket, and waits for Convex. */
async function signInOn(rig: Rig, page: Page): Promise<string> {
  const { userId } = rig.clerk.signInBrowser();
  await rig.until('Clerk', () =>
    page.evaluate(() => Boolean((Reflect.get(window, 'Clerk') as { client?: unknown })?.client)),
  );
  expect(await signIn(page, rig.clerk.createSignInTicket(userId))).toBeNull();
  await rig.signedIn(page, userId);
  return userId;
}

it.concurrent('a browser that blocks third-party cookies tells the page nothing, and a development key does without them', () => {
  const key = `pk_test_${Buffer.from(`${clerkHost}$`).toString('base64')}`;
  const way = (clerk: ClerkEmulator) => {
    front.route(clerkHost, Number(new URL(clerk.url).port));
    return { clerk: { publishableKey: key } };
  };
  const onItsHost = { url: `https://${appHost}/`, signedIn: false, way };
  return withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs, ...onItsHost }, async (rig) => {
    const lines: string[] = [];
    rig.context.on('console', (message) => lines.push(message.text()));
    const page = await rig.openTab();
    const ask = () =>
      page.evaluate(
        (url) => fetch(url, { credentials: 'include' }).then((answer) => answer.text()),
        `https://${otherHost}/`,
      );
    const before = lines.length;
    expect([await ask(), await ask()]).toEqual(['ok', 'ok']);
    // As a site of its own it keeps its cookie, and gets it; from the app it does not.
    const own = await rig.context.newPage();
    for (let visit = 0; visit < 2; visit++) await own.goto(`https://${otherHost}/`);
    await own.close();
    await ask();
    expect(sent).toEqual([undefined, undefined, undefined, '__client=1', undefined]);
    expect(lines.slice(before).filter((line) => /cookie/i.test(line))).toEqual([]);

    const userId = await signInOn(rig, page);
    await page.reload();
    await rig.signedIn(page, userId);
    expect(await seenOn(page)).toMatchObject({ health: 'healthy', findings: [] });
    expect(lines.filter((line) => line.startsWith('[clerk-convex-resilience] '))).toEqual([]);
  });
});

it.concurrent('all the cookies of another instance keep nobody from signing in to this one', () =>
  withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs }, async (rig) => {
    await takeCookiesOf(other, rig);
    const page = await rig.openTab();
    await rig.until('a visitor', async () => (await seenOn(page))?.convex === 'signed_out');
    expect(await seenOn(page)).toMatchObject({ health: 'signed_out', findings: [] });
    const userId = await signInOn(rig, page);
    await page.reload();
    await rig.signedIn(page, userId);
    expect(await seenOn(page)).toMatchObject({ health: 'healthy', findings: [] });
    expect(rig.problems).toEqual([]);
  }));
