import { setTimeout as sleep } from 'node:timers/promises';
import type { JSHandle, Page } from 'playwright-core';
import { isOfLibrary, moduleAt } from './moduleAt.ts';
import type { Rig } from './Rig.ts';

/** Every text that came out of a page, by where it came out. */
export type Places = ReadonlyMap<string, ReadonlySet<string>>;

/** Gathers what a page says, and to whom, from now until `stop`. */
export function createHarvest(rig: Rig, page: Page) {
  const places = new Map<string, Set<string>>();
  const add = (place: string, ...texts: readonly string[]): void => {
    const those = places.get(place) ?? new Set<string>();
    places.set(place, those);
    for (const text of texts) those.add(text);
  };
  const moduleOf = moduleAt(rig.options.server.scripts.get(`/page${rig.options.settings.major}.js`) ?? '');

  rig.context.on('console', (message) => {
    const isForeign = moduleOf(message.location().lineNumber + 1).startsWith('node_modules/');
    // An object's text is only a preview of it.
    const addWhole = async (arg: JSHandle) => add('console', JSON.stringify(await arg.jsonValue()) ?? '');
    if (!isForeign) void Promise.all(message.args().map(addWhole)).catch(() => {}); // its page may be gone
    add(isForeign ? 'console, of others' : 'console', message.text());
  });
  rig.context.on('weberror', (error) => {
    const cause = error.error();
    add('uncaught errors', cause instanceof Error ? `${cause.message} ${cause.stack}` : String(cause));
  });
  rig.context.on('request', (request) => add('URLs of requests', request.url()));
  page.on('framenavigated', (frame) => add('URL of the page', frame.url()));

  async function gather(): Promise<void> {
    const [seen, look] = await Promise.all([
      page.evaluate(() => ({
        events: [...window.healthyPage.events],
        html: document.documentElement.outerHTML,
        url: location.href,
        stored: [localStorage, sessionStorage].flatMap((area) => Object.entries(area)),
      })),
      rig.look(page),
    ]);
    add('events', ...seen.events);
    add('DOM', seen.html);
    add('URL of the page', seen.url);
    for (const [key, value] of seen.stored) {
      add(key.startsWith('clerk-convex-resilience') ? 'storage' : 'storage, of others', `${key} ${value}`);
    }
    for (const { what, text, module } of look.said) {
      const place = what.startsWith('channel') ? 'channels' : 'storage';
      add(isOfLibrary(module) ? place : `${place}, of others`, `${what} ${text}`);
    }
  }

  let stopped = false;
  const gathering = (async () => {
    while (!stopped) {
      await gather().catch(() => {}); // between two pages
      await sleep(250);
    }
  })();
  return {
    places: places as Places,
    add,
    /** Takes in what there is now: before it is gone with its page. */
    gather,
    async stop(): Promise<void> {
      stopped = true;
      await gathering;
    },
  };
}
