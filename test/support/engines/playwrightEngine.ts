import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, firefox, type Page } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { createTold } from './createTold.ts';
import type { Engine, EngineAbilities, Tab } from './Engine.ts';
import { requireLook } from './requireLook.ts';

/** Chromium, with the back/forward cache that Playwright switches off. */
export async function openChromium(): Promise<Engine> {
  return createEngine(
    'chromium',
    await launchChromium(undefined, { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    {
      offline: true,
      hidden: false, // without a screen it hides no window: minimised, `document.hidden` stays false (Chromium 156)
      bfcache: true,
      bfcacheWithSocket: true,
      cdp: true,
    },
  );
}

/** Debian's Firefox ESR, over WebDriver BiDi: Playwright's own Firefox is a patched one. */
export async function openFirefox(
  executablePath = process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr',
): Promise<Engine> {
  if (!existsSync(executablePath))
    throw new Error(`There is no Firefox at ${executablePath}. Run \`node scripts/engines.mjs\`, or set FIREFOX_PATH.`);
  return createEngine('firefox', await firefox.launch({ channel: 'moz-firefox', executablePath }), {
    offline: true,
    hidden: false,
    bfcache: true,
    bfcacheWithSocket: false, // nor one that holds a Web Lock, or awaits an answer (Firefox 153)
    cdp: false,
  });
}

function createEngine(name: 'chromium' | 'firefox', browser: Browser, can: EngineAbilities): Engine {
  return {
    name,
    version: browser.version(),
    can,
    async open(cookies = []) {
      const context = await browser.newContext();
      await context.addCookies(cookies.map((cookie) => ({ ...cookie })));
      return {
        ...(await openTab(context)),
        openTab: () => openTab(context),
        setOffline: (offline) => context.setOffline(offline),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

async function openTab(context: BrowserContext): Promise<Tab & { page: Page }> {
  const page = await context.newPage();
  const evaluate = <T>(expression: string) => page.evaluate<T>(expression);
  return {
    page,
    async goto(url) {
      // Not until everything has loaded: a script that hangs would keep that up.
      await page.goto(url, { waitUntil: 'domcontentloaded' });
      await requireLook(evaluate);
    },
    async back() {
      // Not `goBack`: it waits for a navigation that a page from the back/forward cache does not make in Firefox.
      await page.evaluate('history.back()').catch(() => {}); // the page may be gone before it answers
    },
    evaluate,
    told: createTold(evaluate),
    close: () => page.close(),
    setHidden: () => Promise.reject(new Error('This engine cannot hide a window: ask `engine.can.hidden`.')),
  };
}
