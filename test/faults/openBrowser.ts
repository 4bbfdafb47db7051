import { type Browser, type BrowserContext, chromium } from 'playwright-core';

interface ChromiumFinder {
  findOrInstallChromium(options: { say: (line: string) => void }): Promise<string>;
}

/** Starts the Chromium that the tests use. */
export async function openBrowser(say: (line: string) => void): Promise<Browser> {
  const finder: ChromiumFinder = await import(new URL('../../scripts/chromium.mjs', import.meta.url).href);
  return chromium.launch({
    executablePath: await finder.findOrInstallChromium({ say }),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * Makes the pages of a context look like an ordinary user's browser: clerk-js takes `navigator.webdriver`, and clerk-js 5 an
 * `rtt` of 0, for a machine that is offline, and behaves otherwise then (`isValidBrowserOnline` in @clerk/shared).
 */
export async function lookOrdinary(
  context: BrowserContext,
  { rtt, seed }: { rtt: number; seed: number },
): Promise<void> {
  await context.addInitScript(
    ({ rtt, seed }) => {
      Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false, configurable: true });
      const { connection } = navigator as Navigator & { connection?: object };
      if (connection) {
        const shape = Object.getPrototypeOf(connection);
        Object.defineProperty(shape, 'rtt', { get: () => rtt, configurable: true });
        Object.defineProperty(shape, 'downlink', { get: () => 10, configurable: true });
      }
      // Jitter repeats with the seed. Each load of the page has its own numbers: Convex makes its session id of them.
      window.name = String(Number(window.name) + 1);
      let a = (seed + Number(window.name) * 0x9e3779b9) >>> 0;
      Math.random = () => {
        a = (a + 0x6d2b79f5) >>> 0;
        let t = Math.imul(a ^ (a >>> 15), a | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
      };
    },
    { rtt, seed },
  );
}
