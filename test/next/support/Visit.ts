import type { Browser, BrowserContext, Page } from 'playwright-core';
import { newRealisticContext } from '../../support/chromium.ts';
import type { Stage } from './openStage.ts';

/** What the header shows: `out` is `<Unauthenticated>`, `in` is `<Authenticated>`. */
type Word = 'out' | 'in' | 'loading';

// Keeps each word that the header has shown in this document, in its order.
const keepWords = `
  window.__words = [];
  new MutationObserver(() => {
    const has = (id) => document.querySelector('[data-testid="' + id + '"]') !== null;
    if (!has('health')) return;
    const word = has('signed-out') ? 'out' : has('sign-out') ? 'in' : 'loading';
    if (window.__words.at(-1) !== word) window.__words.push(word);
  }).observe(document, { subtree: true, childList: true });
`;

/** A page in a browser. */
interface Tab {
  readonly page: Page;
  /** The status of the document, or what the browser says in its place. @defaultValue url the stage's server */
  open(path: string, url?: string): Promise<number | string>;
  /** The words of the header in this document so far: `loading>in`. */
  words(): Promise<string>;
  /** Waits for a word; answers the one that is there when that took too long. */
  until(word: Word, timeoutMs?: number): Promise<string>;
}

/** A browser, a page in it, and what it has complained of. */
export interface Visit extends Tab {
  readonly context: BrowserContext;
  readonly sessionId: string;
  /** Errors in the console, and what was thrown. */
  readonly complaints: string[];
}

/** Errors in a page's console from now on, and what is thrown in it. Not that an app has no icon, which Chromium asks for at times. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error' && !url.endsWith('/favicon.ico')) complaints.push(`${message.text()} ${url}`.trim());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

/** A visitor of the app who is signed in, or nobody. */
export async function visit(browser: Browser, { clerk, server, mode }: Stage, who?: string): Promise<Visit> {
  const context = await newRealisticContext(browser);
  // A page of `next dev` is compiled for the server, then for the browser.
  if (mode === 'dev') context.setDefaultNavigationTimeout(90_000);
  await context.addInitScript({ content: keepWords });
  let sessionId = '';
  if (who !== undefined) {
    const seeded = clerk.signInBrowser(who, { appHost: 'localhost' });
    ({ sessionId } = seeded);
    await context.addCookies([...seeded.cookies]);
  }
  const tab = await openTab(context, server);
  return { context, sessionId, complaints: complaintsOf(tab.page), ...tab };
}

/** Another tab of a visitor. */
export async function openTab(context: BrowserContext, server: Stage['server']): Promise<Tab> {
  const page = await context.newPage();
  const now = (): Promise<Word | undefined> =>
    page.evaluate(() => (globalThis as unknown as { __words?: Word[] }).__words?.at(-1)).catch(() => undefined);
  return {
    page,
    async open(path, url = server.url) {
      try {
        return (await page.goto(url + path, { waitUntil: 'domcontentloaded' }))?.status() ?? 'nothing';
      } catch (error) {
        return /net::(ERR_\w+)/.exec(String(error))?.[1] ?? String(error).split('\n')[0] ?? '';
      }
    },
    words: () =>
      page.evaluate(() => (globalThis as unknown as { __words?: Word[] }).__words?.join('>') ?? '').catch(() => ''),
    async until(word, timeoutMs = 20_000) {
      const end = Date.now() + timeoutMs;
      while (Date.now() < end) {
        if ((await now()) === word) return word;
        await page.waitForTimeout(50);
      }
      return (await now()) ?? 'no app';
    },
  };
}
