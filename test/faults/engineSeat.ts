import { setTimeout as sleep } from 'node:timers/promises';
import { openEngine } from '../support/engines/openEngine.ts';
import type { BrowserSeat, Profile, ProfileOptions } from './BrowserSeat.ts';
import { failRequestsOf } from './failRequestsOf.ts';
import type { PageRecord } from './page/bridge.ts';

/** How often a page is asked for what it has to report: these engines have no way to call out. */
const askEveryMs = 150;

/** Starts Firefox ESR or WebKitGTK. */
export async function openEngineSeat(name: 'firefox' | 'webkit'): Promise<BrowserSeat> {
  const engine = await openEngine(name);
  return {
    engine: name,
    version: engine.version,
    can: {
      failRequests: name === 'firefox',
      offline: engine.can.offline,
      hide: engine.can.hidden,
      keepPages: engine.can.bfcacheWithSocket,
    },
    close: () => engine.close(),
    async openProfile({ cookies, onReport }: ProfileOptions): Promise<Profile> {
      const profile = await engine.open(cookies);
      const failedRequests: number[] = [];
      let isOffline = false;
      profile.page?.on('requestfailed', () => {
        if (isOffline) failedRequests.push(Date.now());
      });
      let isOpen = true;
      const asking = (async () => {
        while (isOpen) {
          for (const record of await profile.told().catch(() => [])) onReport(record as PageRecord);
          await sleep(askEveryMs);
        }
      })();
      return {
        failedRequests,
        goto: (url) => profile.goto(url),
        goBack: () => profile.back(),
        evaluate: (expression) => profile.evaluate(expression),
        clearCookies: async (name) => {
          const { page } = profile;
          if (!page) throw new Error('This driver cannot clear cookies.');
          await page.context().clearCookies({ name });
        },
        async close() {
          isOpen = false;
          await Promise.race([asking, sleep(2_000, undefined, { ref: false })]);
          await profile.close().catch(() => {});
        },
        ...(engine.can.offline && {
          setOffline: async (offline: boolean) => {
            isOffline = offline;
            await profile.setOffline(offline);
          },
        }),
        ...(engine.can.hidden && { hide: () => profile.setHidden(true), show: () => profile.setHidden(false) }),
        ...(profile.page && { failRequests: failRequestsOf(profile.page.context(), failedRequests) }),
      };
    },
  };
}
