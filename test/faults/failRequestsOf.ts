import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext } from 'playwright-core';
import type { FailRequestsOptions } from './BrowserSeat.ts';

/** Fails requests as Playwright can; notes when. */
export const failRequestsOf =
  (context: BrowserContext, failed: number[]) =>
  async ({ match, error, delayMs }: FailRequestsOptions): Promise<() => Promise<void>> => {
    const anyUrl = () => true;
    await context.route(anyUrl, async (route, request) => {
      if (!match(`${request.method()} ${request.url()}`)) return route.fallback();
      failed.push(Date.now());
      if (delayMs > 0) await sleep(delayMs);
      // The page may have given up meanwhile.
      await route.abort(error).catch(() => {});
    });
    return () => context.unroute(anyUrl);
  };
