import { type Browser, chromium } from 'playwright-core';

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
