import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';

interface ChromiumFinder {
  findOrInstallChromium(options: { say: (line: string) => void }): Promise<string>;
}

/** Starts the Chromium that the tests use. */
export async function openBrowser(say: (line: string) => void): Promise<Browser> {
  const finder: ChromiumFinder = await import(new URL('../../scripts/chromium.mjs', import.meta.url).href);
  return launchChromium(await finder.findOrInstallChromium({ say }));
}
