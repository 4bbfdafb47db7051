import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
} from 'playwright-core';

/** The two popups of the address bar, which Chromium 156 renders for every window ahead of use: over half of what opening a page costs. */
const popups = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];
/** A renderer that is started ahead of use, which a page in a profile of its own never takes: a sixth of what opening it costs. */
const spareRenderer = 'SpareRendererForSitePerProcess';
/** What Playwright turns off (chromiumSwitches, playwright-core 1.64.1): of two such arguments Chromium takes the last. */
const offInPlaywright = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'BlockOriginHeaderModificationOnRedirect',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'Translate',
  'AutoDeElevate',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
];

/** Starts a Chromium. @defaultValue executablePath the one of `CHROMIUM_PATH`, else the one that Debian installs */
export function launchChromium(
  executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  { args = [], ...more }: Omit<LaunchOptions, 'executablePath'> = {},
): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`There is no Chromium at ${executablePath}. Install one, or set CHROMIUM_PATH to where it is.`);
  }
  return chromium.launch({
    executablePath,
    headless: true,
    ...more,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${[...offInPlaywright, ...popups, spareRenderer].join()}`,
      ...args,
    ],
  });
}

// clerk-js takes an automated browser, and v5 one with an rtt of 0, for offline (isValidBrowserOnline in @clerk/shared).
// A text, not a function: tsx would put calls of its own helper (`__name`) into a function, and the page has no such thing.
const lookLikeAPerson = `
  Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false, configurable: true });
  if (navigator.connection) {
    const shape = Object.getPrototypeOf(navigator.connection);
    Object.defineProperty(shape, 'rtt', { get: () => 50, configurable: true });
    Object.defineProperty(shape, 'downlink', { get: () => 10, configurable: true });
  }
`;

/** A fresh browser profile that looks like a person's. */
export async function newRealisticContext(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await context.addInitScript({ content: lookLikeAPerson });
  return context;
}
