import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { en } from 'clerk-convex-resilience/locales/en';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, it } from 'vitest';
import { type EmulatorPair, startPair, user } from '../../../scripts/demo/emulatorPair.ts';
import { engineNamesFor } from '../../support/engines/engineNamesFor.ts';
import { openEngine } from '../../support/engines/openEngine.ts';
import { pageStart } from '../../support/engines/pageStart.ts';

// The demo as a person uses it, in each engine: sign in with Clerk's own form, break, see, retry, recover, sign out. With
// clerk-js 6, which the other tests of the engines play in every other one only; test/e2e has both, in Chromium.

const example = fileURLToPath(new URL('../../../examples/vite-app', import.meta.url));
const built = fileURLToPath(new URL('../../../.cache/demo-in-engines', import.meta.url));

/** How long what must come is waited for, on a busy machine. */
const patient = { timeout: 60_000, interval: 100 };

let pair: EmulatorPair;
let server: PreviewServer;
beforeAll(async () => {
  pair = await startPair(`${example}/convex`, 60);
  // Vite reads them as it reads an .env file, and prefers them.
  Object.assign(process.env, {
    VITE_CLERK_MAJOR: '6',
    VITE_CLERK_PUBLISHABLE_KEY: pair.clerk.publishableKey,
    VITE_CLERK_PROXY_URL: pair.clerk.url.replace('127.0.0.1', 'localhost'),
    VITE_CONVEX_URL: pair.convex.url,
  });
  // Built as it is for developers: the panel that they have is in it. A dev server would load the page anew whenever it
  // finds one more package to prebundle.
  await build({
    configFile: `${example}/vite.config.ts`,
    mode: 'development',
    logLevel: 'warn',
    build: { outDir: built, emptyOutDir: true, minify: false, target: 'es2022' },
    plugins: [
      {
        name: 'page-start',
        transformIndexHtml: () => [{ tag: 'script', children: pageStart, injectTo: 'head-prepend' }],
      },
    ],
  });
  server = await preview({
    configFile: false,
    logLevel: 'error',
    build: { outDir: built },
    preview: { host: '127.0.0.1', port: 0, strictPort: false, open: false },
  });
});
afterAll(async () => {
  await server?.close();
  await pair?.close();
});

it.concurrent.for(engineNamesFor())(
  'a person signs in to the demo, sees an outage, retries, sees that it is over, and signs out in another, in %s',
  async (name, { expect }) => {
    const engine = await openEngine(name);
    const profile = await engine.open();
    const { port } = server.httpServer.address() as AddressInfo;
    const url = `http://localhost:${port}/`;
    /** Value of a function's call in the page; it crosses as source. */
    const ask = <A, T>(of: (about: A) => T, about: A) =>
      profile.evaluate<T>(`(${of})(${about === undefined ? '' : JSON.stringify(about)})`);
    const text = (selector: string) => ask((of) => document.querySelector(of)?.textContent ?? null, selector);
    const banner = () => text('.ccr-root');
    const isThere = (selector: string) => expect.poll(() => text(selector), patient).not.toBeNull();
    /** Clicks the button of this name within what the selector says, if there is one. */
    const press = (within: string, label: string) =>
      ask(
        ({ within, label }) => {
          const buttons = [...document.querySelectorAll<HTMLButtonElement>(`${within} button`)];
          const button = buttons.find(({ textContent, disabled }) => textContent?.trim() === label && !disabled);
          button?.click();
          return Boolean(button);
        },
        { within, label },
      );
    const click = (within: string, label: string) => expect.poll(() => press(within, label), patient).toBe(true);
    /** Types into a field of a form that React holds, if it is there to be typed into. */
    const type = (selector: string, value: string) =>
      ask(
        ({ selector, value }) => {
          const input = document.querySelector<HTMLInputElement>(selector);
          if (!input?.getClientRects().length || input.tabIndex < 0) return false;
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, value);
          input.dispatchEvent(new Event('input', { bubbles: true }));
          return true;
        },
        { selector, value },
      );
    try {
      await profile.goto(url);
      const signsIn = async () => {
        if (await text('[data-testid="who-am-i"]')) return true;
        if (await type('input[type="password"]', user.password)) return press('form', 'Continue');
        if (await type('input[name="identifier"]', user.emailAddress)) return press('form', 'Continue');
        return press('main', 'Sign in');
      };
      await expect.poll(async () => (await signsIn()) && text('[data-testid="who-am-i"]'), patient).toContain('Ada');
      expect(await banner()).toBe('');
      const session = await profile.evaluate<string>('window.Clerk.session.id');
      await click('.ccr-dt', 'Auth: healthy');

      /** Clerk answers 500 to this user's session, and a token is wanted at once: the panel says that this one was refused. */
      const breaks = async () => {
        const fault = pair.clerk.faults.add({
          match: `/sessions/${session}/`,
          action: { type: 'status', status: 500 },
        });
        await click('.ccr-dt', 'Expire token');
        await expect.poll(() => text('.ccr-root [role=status] .ccr-title')).toBe(en.clerk_unreachable);
        expect(await text('[data-testid="who-am-i"]')).toContain('Ada Lovelace');
        return fault;
      };
      const fault = await breaks();
      const asked = fault.fired;
      await click('.ccr-root', en.retry);
      await expect.poll(() => fault.fired).toBeGreaterThan(asked);
      expect(await text('.ccr-root .ccr-title')).toBe(en.clerk_unreachable);

      // From what was being written to the button that helps; when that goes, the focus is back there.
      await ask(() => document.getElementById('message')?.focus(), null);
      await ask((of) => document.querySelector<HTMLElement>(of)?.focus(), '.ccr-root button');
      fault.remove();
      await click('.ccr-root', en.retry);
      await expect.poll(banner).toBe(en.back_online);
      expect(await ask(() => document.activeElement?.id, null)).toBe('message');
      await expect.poll(banner).toBe('');

      await breaks();
      await click('.ccr-root', en.sign_out);
      await isThere('[data-testid="signed-out"]');
      // Clerk leads to `afterSignOutUrl` when it has heard of it, which may fall into this load and ends it.
      const loads = () => profile.goto(url).then(() => true, String);
      await expect.poll(loads, patient).toBe(true);
      await isThere('[data-testid="signed-out"]');
    } finally {
      await profile.close();
      await engine.close();
    }
  },
);
