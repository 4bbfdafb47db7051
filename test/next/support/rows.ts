import { createClerkEmulator } from 'clerk-convex-emulators';
import type { Browser } from 'playwright-core';
import { convexTemplate, user } from '../../../scripts/demo/emulatorPair.ts';
import type { Mode, Stage } from './openStage.ts';
import {
  ada,
  dead,
  expireSessionCookie,
  isNavigationTo,
  keepSessionCookie,
  ofReact,
  overToken,
  pagesWith,
  portOf,
  profileWhile,
  refreshSessionCookie,
  serverAction,
  signedIn,
  wait,
  where,
} from './scenes.ts';
import type { Situation } from './situations.ts';
import { openTab, visit } from './Visit.ts';
import type { Version } from './versions.ts';
import { actOnPublicPage, ask, serveRaw, visitorCookie } from './withoutKeys.ts';

type Outcome = string | RegExp;

/** One situation. Answers what came of it, in words that a table can hold. */
export interface Row {
  readonly name: Situation;
  readonly ours: Outcome | ((version: Version, mode: Mode) => Outcome);
  readonly plain: Outcome | ((version: Version, mode: Mode) => Outcome);
  /** No fault is in it, so that it can be played beside others. */
  readonly isCalm?: true;
  /** Where it can be played. @defaultValue both */
  readonly only?: Mode;
  /** Left to NEXT: it takes long, and unit tests play the like of it. */
  readonly isLong?: true;
  play(stage: Stage, browser: Browser): Promise<string>;
}

export const rows: readonly Row[] = [
  {
    name: 'a signed-in visitor loads a protected page, walks around and reloads',
    isCalm: true,
    ours: 'loading>in, 200, in the HTML, loading>in, no errors',
    plain: 'loading>in, 200, in the HTML, loading>in, no errors',
    async play(stage, browser) {
      const { page, words, until, complaints, sessionId, context } = await signedIn(stage, browser, '/dashboard');
      const first = await words();
      for (const name of ['Board', 'Profile', 'Home', 'Dashboard']) {
        await page.getByRole('link', { name, exact: true }).click();
        await page.getByRole('heading', { name: name === 'Home' ? 'Message board' : name }).waitFor();
      }
      await page.getByTestId('who-am-i').waitFor();
      const answer = await page.reload();
      const html = (await answer?.text()) ?? '';
      await until('in');
      const user = await page.getByTestId('server-user').textContent();
      const isThere = html.includes(`${user}</code>`) ? 'in the HTML' : 'not in the HTML';
      const second = await words();
      await context.close();
      if (!stage.clerk.isSessionActive(sessionId)) return 'the session has ended';
      return `${first}, ${answer?.status()}, ${isThere}, ${second}, ${complaints.join(' | ') || 'no errors'}`;
    },
  },
  {
    name: 'a preloaded query is in the HTML and stays as it is',
    isCalm: true,
    ours: 'Ada Lovelace, ada@example.com in the HTML, never another',
    // The query runs once more as nobody, before Convex has the token.
    plain: /^Ada Lovelace, ada@example\.com in the HTML, (never another|then .*Nobody)/,
    async play(stage, browser) {
      const { page, open, until, context } = await signedIn(stage, browser);
      await page.addInitScript(`
        window.__profiles = [];
        new MutationObserver(() => {
          const text = document.querySelector('[data-testid="profile"]')?.textContent;
          if (text && window.__profiles.at(-1) !== text) window.__profiles.push(text);
        }).observe(document, { subtree: true, childList: true, characterData: true });
      `);
      await open('/profile');
      const html = (await (await context.request.get(`${stage.server.url}/profile`)).text()) ?? '';
      await until('in');
      await wait(1_000);
      const seen = (await page.evaluate('window.__profiles')) as string[];
      await context.close();
      const first = seen[0] ?? '';
      return `${first} ${html.includes(first) ? 'in the HTML' : 'not in the HTML'}, ${seen.length > 1 ? `then ${seen.slice(1).join(', ')}` : 'never another'}`;
    },
  },
  {
    name: 'a page that is streamed: Convex takes 2.5 s over its query',
    ours: 'the heading first, then Ada Lovelace, ada@example.com; loading>in; no errors',
    plain: 'the heading first, then Ada Lovelace, ada@example.com; loading>in; no errors',
    async play(stage, browser) {
      const { context, page, words, until, complaints } = await signedIn(stage, browser);
      const fault = stage.convex.faults.add({ match: '/api/query', action: { type: 'delay', delayMs: 2_500 } });
      await page.goto(`${stage.server.url}/profile`, { waitUntil: 'commit' });
      const profile = page.getByTestId('profile');
      await page.getByTestId('profile-loading').waitFor();
      const isFirst =
        (await page.getByRole('heading', { name: 'Profile' }).count()) === 1 && (await profile.count()) === 0;
      const text = await profile.textContent();
      await until('in');
      const all = await words();
      fault.remove();
      await context.close();
      return `${isFirst ? 'the heading first' : 'all at once'}, then ${text}; ${all}; ${complaints.join(' | ') || 'no errors'}`;
    },
  },
  {
    name: 'Convex refuses connections for 2 s: a page whose query is preloaded',
    isLong: true,
    ours: 'Ada Lovelace, ada@example.com',
    plain: 'an error in its place',
    play: (stage, browser) => profileWhile(stage, browser, stage.convex, { match: '/api/query', action: 'reset' }),
  },
  {
    name: 'Clerk’s Backend API fails for 2 s: a page whose query is preloaded',
    isLong: true,
    ours: 'Ada Lovelace, ada@example.com',
    plain: 'an error in its place',
    play: (stage, browser) =>
      profileWhile(stage, browser, stage.clerk, {
        match: '/v1/sessions/',
        action: { type: 'status', status: 500 },
      }),
  },
  {
    name: 'Convex refuses connections for longer than the server waits: a link to a page whose query is preloaded',
    isLong: true,
    // The example's error.tsx, which the app beside it has too: there at once, here after the 8 s that a call may take.
    ours: 'an error below the header; tried again: Ada Lovelace, ada@example.com',
    plain: 'an error below the header; tried again: Ada Lovelace, ada@example.com',
    async play(stage, browser) {
      const { context, page } = await signedIn(stage, browser);
      const fault = stage.convex.faults.add({ match: '/api/query', action: 'reset' });
      await page.getByRole('link', { name: 'Profile', exact: true }).click();
      await page.getByTestId('profile-error').waitFor();
      const header = (await page.getByTestId('sign-out').count()) > 0 ? 'below the header' : 'alone';
      const { fired } = fault;
      fault.remove();
      await page.getByRole('button', { name: 'Try again' }).click();
      const again = await page.getByTestId('profile').textContent();
      await context.close();
      return fired === 0 ? 'nothing was asked' : `an error ${header}; tried again: ${again}`;
    },
  },
  {
    name: 'Clerk’s Convex integration in place of a JWT template: a page whose query is preloaded',
    isLong: true,
    ours: 'loading>in, the user',
    // What Convex's guide for servers has asks for the template.
    plain: 'loading>in, an error in its place',
    async play(stage, browser) {
      stage.clerk.configure({ convexIntegration: true, jwtTemplates: {} });
      try {
        const { context, page, words, until } = await signedIn(stage, browser);
        await page.goto(`${stage.server.url}/profile`);
        await until('in');
        const [profile, error] = [page.getByTestId('profile'), page.getByTestId('profile-error')];
        await profile.or(error).waitFor();
        const word = await words();
        const text = (await error.count()) > 0 ? null : await profile.textContent();
        await context.close();
        if (text === null) return `${word}, an error in its place`;
        return `${word}, ${text === 'Nobody' ? 'nobody' : 'the user'}`;
      } finally {
        stage.clerk.configure({ convexIntegration: false, jwtTemplates: convexTemplate() });
      }
    },
  },
  {
    name: 'a visitor reads public pages and reloads',
    isCalm: true,
    ours: 'loading>out, 200, loading>out, no errors',
    plain: 'loading>out, 200, loading>out, no errors',
    async play(stage, browser) {
      const { context, page, open, until, words, complaints } = await visit(browser, stage);
      await open('/');
      await until('out');
      const first = await words();
      await page.getByRole('link', { name: 'Board', exact: true }).click();
      await page.getByRole('list', { name: 'Messages' }).waitFor();
      const answer = await page.reload();
      await until('out');
      const second = await words();
      await context.close();
      return `${first}, ${answer?.status()}, ${second}, ${complaints.join(' | ') || 'no errors'}`;
    },
  },
  {
    name: 'Clerk is down at boot: a public page, the session cookie gone',
    isLong: true,
    ours: /^200, (loading)?, then in, (loading>)?in$/,
    // With what the browser has at hand it is sent to a handshake, or not.
    plain: /^(?:ERR_CONNECTION_RESET, |200, (?:loading)?), then (?:in|still )/,
    async play(stage, browser) {
      const { context, open, words, until, page } = await signedIn(stage, browser);
      const cookies = await context.cookies();
      await context.clearCookies({ name: /^__session/ });
      const fresh = await stage.fresh();
      const fault = stage.clerk.faults.add(dead);
      const status = await open('/', fresh.url);
      await wait(4_000);
      const during = await words();
      fault.remove();
      const after = await until('in', 12_000);
      const all = await words();
      const url = page.url();
      await Promise.all([context.close(), fresh.close()]);
      if (cookies.length === 0) return 'there were no cookies';
      return `${status}, ${during}, then ${after === 'no app' ? `still ${url.replace(/[?#].*/, '').replace(/\d{4,}/, 'PORT')}` : after}, ${all}`;
    },
  },
  {
    name: 'Clerk is down: a signed-in visitor reloads',
    ours: /^200, (loading)?(>?in)?, then in, loading>in, no errors of React$/,
    // After five seconds it may be signed out, or not yet told.
    plain: /^200, (?:loading|loading>out)?, then (?:in|out), loading>(?:in|out|out>in), no errors of React$/,
    async play(stage, browser) {
      const { context, page, words, until, complaints } = await signedIn(stage, browser);
      const fault = stage.clerk.faults.add(dead);
      const status = (await page.reload({ waitUntil: 'domcontentloaded' }))?.status();
      await wait(5_000);
      const during = await words();
      fault.remove();
      const after = await until('in', 12_000);
      const all = await words();
      await context.close();
      return `${status}, ${during}, then ${after}, ${all}, ${ofReact(complaints)}`;
    },
  },
  {
    name: 'Clerk is down: a link to a protected page, the session token over',
    isLong: true,
    // A link asks for no document, so there is no handshake: Clerk takes an old token for no session (@clerk/backend 3.25).
    // The guard answers 503 there, and the router loads the page as a document, which says why.
    ours: (_version, mode) =>
      mode === 'dev'
        ? /^\/dashboard "Clerk does not answer.*; mended: 200, in$/
        : /^\/dashboard "The sign-in service isn’t answering.*; mended: 200, in$/,
    plain: /^(?:an error page of the browser|\/sign-in ".*); mended: 200, in$/,
    async play(stage, browser) {
      const { context, page, sessionId, until, open } = await signedIn(stage, browser);
      const fault = stage.clerk.faults.add(dead);
      await keepSessionCookie(page);
      const over = await expireSessionCookie(stage, context, sessionId);
      const asked = page.waitForRequest(isNavigationTo('/dashboard'));
      await page.getByRole('link', { name: 'Dashboard' }).click();
      // A row in which Clerk has not been asked to forgive an old token would say nothing.
      if (!(await (await asked).allHeaders()).cookie?.includes(over))
        return 'the link went out with a token that is good';
      await wait(4_000);
      const during = await where(page);
      fault.remove();
      const status = await open('/dashboard');
      const after = await until('in', 12_000);
      await context.close();
      return `${during}; mended: ${status}, ${after}`;
    },
  },
  {
    name: 'Clerk is down: a deep link to a protected page, the session token over; then a reload',
    ours: /^503 after less than 6 s, \/dashboard .*; mended: 200, in$/,
    plain: /^(ERR_CONNECTION_RESET|200) .*; mended/,
    async play(stage, browser) {
      const { context, page, sessionId, until, open } = await signedIn(stage, browser);
      const fresh = await stage.fresh();
      const fault = stage.clerk.faults.add(dead);
      // At last: clerk-js writes its token anew every five seconds.
      await expireSessionCookie(stage, context, sessionId);
      const startedAt = Date.now();
      const status = await open('/dashboard', fresh.url);
      const took = Date.now() - startedAt;
      const during = await where(page);
      fault.remove();
      await wait(2_500); // a word of Clerk's being down holds for 2 s
      const again = await page.reload({ waitUntil: 'domcontentloaded' }).catch(() => null);
      const after = await until('in', 8_000);
      await Promise.all([context.close(), fresh.close()]);
      return `${status} after ${took < 6_000 ? 'less than 6 s' : `${Math.round(took / 1000)} s`}, ${during}; mended: ${again?.status() ?? 'nothing'}, ${after}`;
    },
  },
  {
    name: 'Clerk is down, and the sign-in is recovering: a deep link to a protected page in another tab',
    ours: 'recovering; 200, loading>in, /dashboard; mended: in, and the first tab in',
    // clerk-js still tries by itself then, as long as a short outage lasts.
    plain: 'in; 200, loading>in, /dashboard; mended: in, and the first tab in',
    async play(stage, browser) {
      const { context, page, until, sessionId } = await signedIn(stage, browser);
      await refreshSessionCookie(stage, context, sessionId);
      const fault = stage.clerk.faults.add(dead);
      const refusal = stage.convex.faults.add({ action: 'auth_error', times: 1 });
      const health = page.getByTestId('health').filter({ hasText: 'recovering' });
      const before = stage.side === 'plain' ? await until('out', 4_000) : await health.textContent();
      const second = await openTab(context, stage.server);
      const status = await second.open('/dashboard');
      await wait(4_000);
      fault.remove();
      const after = await second.until('in', 12_000);
      const words = await second.words();
      const { pathname } = new URL(second.page.url());
      const first = await until('in', stage.side === 'ours' ? 12_000 : 4_000);
      await context.close();
      return `${before}; ${status}, ${words}, ${pathname}; mended: ${after}, and the first tab ${first}${refusal.fired === 0 ? ', of which nothing was taken' : ''}`;
    },
  },
  {
    name: 'the secret key is missing where the app runs: pages, then raw requests to what the guard alone protects',
    isCalm: true,
    ours: (_version, mode) =>
      mode === 'dev'
        ? '/ 200, /board 200, /dashboard 503'
        : '/ 200, /board 200, /dashboard 503; nothing served, an action 503',
    plain: '/ 500, /board 500, /dashboard 500',
    async play({ fresh, side, mode, dir }) {
      const server = await fresh({ CLERK_SECRET_KEY: undefined });
      try {
        const pages = await ask(server.url);
        if (side === 'plain' || mode === 'dev') return pages;
        const port = portOf(server.url);
        const served = await serveRaw(port);
        const acted = [...new Set(await actOnPublicPage(port, dir))].join();
        return `${pages}; ${served.join(' ') || 'nothing'} served, an action ${acted}`;
      } finally {
        await server.close();
      }
    },
  },
  {
    name: 'the secret key is malformed where the app runs: pages',
    isCalm: true,
    isLong: true,
    ours: '/ 200, /board 200, /dashboard 503',
    // Clerk takes it as it is, until it is asked for a session.
    plain: '/ 200, /board 200, /dashboard 307 to /sign-in',
    play: (stage) => pagesWith(stage, { CLERK_SECRET_KEY: 'sk_test' }),
  },
  {
    name: 'the secret key is of another kind of instance than the publishable key: pages',
    isCalm: true,
    isLong: true,
    ours: '/ 200, /board 200, /dashboard 503',
    plain: '/ 200, /board 200, /dashboard 307 to /sign-in',
    play: (stage) => pagesWith(stage, { CLERK_SECRET_KEY: 'sk_live_of_another_kind' }),
  },
  {
    name: 'a satellite domain of the app: pages, with and without its secret key',
    isCalm: true,
    isLong: true,
    only: 'start',
    // @clerk/nextjs 6 sends a browser to the primary domain for cookies first, 7 when it is asked to.
    ours: /^(?:\/\w* (?:200|307 to \/sign-in)[,;] ?){3}without a secret key: \/ 200, \/board 200, \/dashboard 503$/,
    plain: /^(?:\/\w* (?:200|307 to \/sign-in)[,;] ?){3}without a secret key: \/ 500, \/board 500, \/dashboard 500$/,
    async play(stage) {
      // Another port is another origin, and Clerk wants the sign-in page on one that is not the satellite's.
      const primary = { CLERK_SIGN_IN_URL: `${stage.server.url}/sign-in` };
      const domain = {
        NEXT_PUBLIC_CLERK_IS_SATELLITE: 'true',
        NEXT_PUBLIC_CLERK_DOMAIN: 'satellite.localhost',
        ...primary,
      };
      const well = await pagesWith(stage, domain);
      return `${well}; without a secret key: ${await pagesWith(stage, { ...domain, CLERK_SECRET_KEY: undefined })}`;
    },
  },
  {
    name: 'all is well: raw requests of nobody to what the middleware protects',
    isCalm: true,
    isLong: true,
    only: 'start',
    ours: 'nothing served',
    plain: 'nothing served',
    play: async ({ server }) => `${(await serveRaw(portOf(server.url), visitorCookie)).join(' ') || 'nothing'} served`,
  },
  {
    name: 'Clerk is down: raw requests to what the middleware protects, of nobody and with a session token that is over',
    isLong: true,
    only: 'start',
    ours: 'nothing served, actions 503',
    plain: /^nothing served, actions /,
    async play({ clerk, server, dir, side }) {
      const { sessionId, cookies } = clerk.signInBrowser(ada, { appHost: 'localhost' });
      const over = await overToken(clerk, sessionId);
      const own = cookies.filter(({ name }) => name !== '__client').map(({ name, value }) => `${name}=${value}`);
      const cookie = `${visitorCookie}; __session=${over}; ${own.join('; ')}`;
      const port = portOf(server.url);
      const fault = clerk.faults.add(dead);
      try {
        // First, so that the guard has no bad word of Clerk yet; the page before it leaves a good one.
        const acted = [...new Set(await actOnPublicPage(port, dir, cookie))].join();
        // The plain side sends every document with an old token to a handshake, public ones too.
        const served = [
          ...(await serveRaw(port, visitorCookie)),
          ...(side === 'ours' ? await serveRaw(port, cookie) : []),
        ];
        return `${served.join(' ') || 'nothing'} served, actions ${acted}`;
      } finally {
        fault.remove();
      }
    },
  },
  {
    name: 'the secret key is of another instance than the publishable key: a signed-in visitor',
    isCalm: true,
    ours: (_version, mode) =>
      mode === 'dev'
        ? /^\/ 200 loading>in; \/dashboard 503, \/dashboard .*, says SECRET_KEY_OF_ANOTHER_INSTANCE(?!.*SERVED)/
        : /^\/ 200 loading>in; \/dashboard 503, \/dashboard (?!.*(?:SERVED|SECRET_KEY))/,
    plain: /^\/ 200 loading>in; \/dashboard 200, \/sign-in /,
    async play(stage, browser) {
      const { context, page, open, words, until } = await signedIn(stage, browser);
      const other = await createClerkEmulator({ secretKey: 'sk_test_another', users: [user] });
      const fresh = await stage.fresh({ CLERK_SECRET_KEY: other.secretKey, CLERK_API_URL: other.url });
      const home = await open('/', fresh.url);
      // The Frontend API is well, and clerk-js in the page gets its token.
      await until('in', 20_000);
      const header = await words();
      const startedAt = Date.now();
      const status = await open('/dashboard', fresh.url);
      const took = Date.now() - startedAt;
      const there = await where(page);
      const code = /SECRET_KEY_OF_ANOTHER_INSTANCE/.exec((await page.textContent('body')) ?? '')?.[0];
      const server = await page.getByTestId('server-user').count();
      await Promise.all([context.close(), fresh.close(), other.close()]);
      return `/ ${home} ${header || 'no app'}; /dashboard ${status}${took > 10_000 ? ' after more than 10 s' : ''}, ${there}${code ? `, says ${code}` : ''}${server > 0 ? ', SERVED' : ''}`;
    },
  },
  {
    name: 'both keys are of another instance than the session cookies: a visitor who was signed in before the change',
    isCalm: true,
    ours: /^\/ 200 (loading>)?out; \/dashboard 200, \/sign-in (?!.*SERVED)/,
    plain: /^\/ 200 (loading>)?out; \/dashboard 200, \/sign-in (?!.*SERVED)/,
    async play(stage, browser) {
      const other = await createClerkEmulator({ users: [user] });
      const { context, page, open, until, words } = await visit(browser, stage);
      const { sessionId, cookies } = other.signInBrowser(ada, { appHost: 'localhost' });
      const token = { value: await other.mintToken(sessionId), domain: 'localhost', path: '/' };
      const suffix = cookies.map(({ name }) => /^__client_uat(_.+)$/.exec(name)?.[1]).find(Boolean) ?? '';
      // What lies on the app's own host; the other instance's Frontend API is another site.
      await context.addCookies([
        ...cookies.filter(({ name }) => name !== '__client'),
        { ...token, name: '__session' },
        { ...token, name: `__session${suffix}` },
      ]);
      const home = await open('/');
      await until('out');
      const header = await words();
      const status = await open('/dashboard');
      await page
        .getByRole('link', { name: 'Board' })
        .waitFor({ timeout: 5_000 })
        .catch(() => undefined);
      const there = await where(page);
      const server = await page.getByTestId('server-user').count();
      await Promise.all([context.close(), other.close()]);
      return `/ ${home} ${header || 'no app'}; /dashboard ${status}, ${there}${server > 0 ? ', SERVED' : ''}`;
    },
  },
  {
    name: 'Clerk is down, and the page is starting: a link to a protected page',
    ours: /^\/dashboard ".*Dashb.*"; mended: in, \/dashboard$/,
    plain: /^\/dashboard ".*Dashb.*"; mended: in, \/dashboard$/,
    async play(stage, browser) {
      const { context, page, until, sessionId } = await signedIn(stage, browser);
      await refreshSessionCookie(stage, context, sessionId);
      const fault = stage.clerk.faults.add(dead);
      await page.reload({ waitUntil: 'domcontentloaded' });
      await page.getByRole('link', { name: 'Dashboard' }).click();
      await page
        .getByTestId('server-user')
        .waitFor({ timeout: 8_000 })
        .catch(() => undefined);
      const during = await where(page);
      fault.remove();
      const after = await until('in', 12_000);
      const { pathname } = new URL(page.url());
      await context.close();
      return `${during}; mended: ${after}, ${pathname}`;
    },
  },
  {
    name: 'Clerk’s Backend API is down: a server action, and once more when it is mended',
    ours: 'try_again, the text kept; mended: posted, 1 row',
    plain: 'no form, the text lost; mended: no form, 0 row',
    play: (stage, browser) => serverAction(stage, browser, { match: '/v1/sessions/', action: 'reset' }),
  },
  {
    name: 'Clerk is down, the session token over: a server action, and once more when it is mended',
    isLong: true,
    ours: 'try_again, the text kept; mended: posted, 1 row',
    plain: 'no form, the text lost; mended: no form, 0 row',
    play: (stage, browser) => serverAction(stage, browser, dead, { isOver: true }),
  },
  {
    name: 'a webhook is delivered, replayed, forged',
    isCalm: true,
    ours: '200, 200, 400; handled once',
    plain: '200, 200, 400; handled twice',
    async play(stage) {
      const { clerk, server } = stage;
      clerk.webhooks.connect(`${server.url}/api/webhooks/clerk`);
      const event = { type: 'user.updated', data: { id: 'user_ada', object: 'user', updated_at: Date.now() } };
      const id = `msg_${stage.side}`;
      await clerk.webhooks.send(event, { id });
      await clerk.webhooks.redeliver(id);
      await clerk.webhooks.send(event, { id: `${id}_forged`, signature: 'forged' });
      const statuses = clerk.webhooks.deliveries
        .filter((delivery) => delivery.id.startsWith(id))
        .flatMap(({ id: of, attempts }) => attempts.slice(0, of === id ? 2 : 1).map(({ status }) => status));
      await wait(200);
      const times = server.output().match(/A new profile|Event user\.updated/g)?.length ?? 0;
      return `${statuses.join(', ')}; handled ${times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`}`;
    },
  },
  {
    name: 'a sign-out, and a protected page after it',
    isCalm: true,
    ours: 'out; the session has ended; /sign-in',
    plain: 'out; the session has ended; /sign-in',
    async play(stage, browser) {
      const { context, page, until, open, sessionId } = await signedIn(stage, browser);
      await page.getByTestId('sign-out').click();
      const word = await until('out', 5_000);
      for (let waited = 0; waited < 5_000 && stage.clerk.isSessionActive(sessionId); waited += 50) await wait(50);
      await wait(1_500); // Clerk leads to afterSignOutUrl
      await open('/dashboard');
      const { pathname } = new URL(page.url());
      await context.close();
      return `${word}; the session ${stage.clerk.isSessionActive(sessionId) ? 'lives' : 'has ended'}; ${pathname}`;
    },
  },
  {
    name: 'Clerk is down: a sign-out, and a reload; then Clerk is back',
    isLong: true,
    ours: 'out within 2 s; reloaded: never in; mended: the session has ended, never in',
    plain: /mended: the session lives, in$/,
    async play(stage, browser) {
      const { context, page, until, words, sessionId } = await signedIn(stage, browser);
      const fault = stage.clerk.faults.add(dead);
      await page.getByTestId('sign-out').click();
      const word = await until('out', 2_000);
      await wait(1_500); // Clerk leads to afterSignOutUrl
      // Where Clerk is still leading there, a reload is called off.
      const isReloaded = () => page.reload({ waitUntil: 'domcontentloaded' }).then(Boolean, () => false);
      for (let tries = 0; tries < 5 && !(await isReloaded()); tries++) await wait(500);
      await wait(3_000);
      const isIn = async () => ((await words()).split('>').includes('in') ? 'in' : 'never in');
      const reloaded = await isIn();
      fault.remove();
      for (let waited = 0; waited < 8_000 && stage.clerk.isSessionActive(sessionId); waited += 50) await wait(50);
      const after = await isIn();
      await context.close();
      return `${word === 'out' ? 'out within 2 s' : word}; reloaded: ${reloaded}; mended: the session ${stage.clerk.isSessionActive(sessionId) ? 'lives' : 'has ended'}, ${after}`;
    },
  },
];
