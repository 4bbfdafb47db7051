import { setTimeout as sleep } from 'node:timers/promises';
import { en } from 'clerk-convex-resilience/locales/en';
import { afterAll, beforeAll, it } from 'vitest';
import { engineNamesFor } from '../../support/engines/engineNamesFor.ts';
import { openEngine } from '../../support/engines/openEngine.ts';
import { majorsIn } from '../../support/inTurn.ts';
import { type PageServer, servePage } from '../../support/page/servePage.ts';
import type { PageRecord } from '../../support/page/settings.ts';
import { openUser } from './openUser.ts';

// What a person sees in an outage, and what the buttons do, in each engine: break, see, retry, recover, sign out. What plain
// comes to in an outage, signedIn.test.ts shows: it has nothing to say, and no button.

/** Of AuthErrorHandler. */
const showAfterMs = 2_000;

let page: PageServer;
beforeAll(async () => {
  page = await servePage();
});
afterAll(() => page?.close());

const users = engineNamesFor().flatMap((name, at) => majorsIn(at).map((major) => [name, major] as const));

it.concurrent.for(users)(
  'a person sees what is wrong, retries, sees that it is over, and signs out in an outage, in %s with clerk-js %i',
  async ([name, major], { expect }) => {
    const engine = await openEngine(name);
    const user = await openUser(engine, page);
    const { clerk, profile } = user;
    try {
      const records: PageRecord[] = [];
      let next = 0;
      /** The next thing of a kind that the page tells. */
      const told = async <K extends PageRecord['kind']>(
        kind: K,
        isIt: (record: PageRecord & { kind: K }) => boolean,
      ) => {
        for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
          records.push(...((await profile.told()) as PageRecord[]));
          const at = records.findIndex((record, i) => i >= next && record.kind === kind && isIt(record as never));
          if (at < 0) continue;
          next = at + 1;
          return records[at] as PageRecord & { kind: K };
        }
        throw new Error(`The page did not tell of ${kind} in time: ${JSON.stringify(records)}`);
      };
      const shows = (notice: string | null) => told('notice', (record) => record.notice === notice);
      const text = (selector: string) =>
        profile.evaluate<string | null>(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? null`);
      const click = (label: string) =>
        profile.evaluate(
          `[...document.querySelectorAll('.ccr-root button')].find((button) => button.textContent === ${JSON.stringify(label)}).click()`,
        );
      /** Clerk answers 500 from now on: the next refresh fails. */
      const breaks = () => clerk.faults.add({ match: '/v1/client', action: { type: 'status', status: 500 } });

      await user.load({ major, side: 'resilient', handler: 'banner' });
      await told('me', ({ subject }) => subject !== null);
      expect(await text('.ccr-root')).toBe('');

      const fault = breaks();
      const unwell = await told('health', ({ status }) => status === 'recovering');
      const seen = await shows('clerk_unreachable');
      expect(await text('.ccr-root [role=status] .ccr-title')).toBe(en.clerk_unreachable);
      expect(await text('.ccr-root [role=status] .ccr-detail')).toBe(en.still_signed_in);

      // It is tried at once, in vain.
      const asked = fault.fired;
      await click(en.retry);
      await expect.poll(() => fault.fired).toBeGreaterThan(asked);
      expect(await text('.ccr-root .ccr-title')).toBe(en.clerk_unreachable);

      fault.remove();
      await click(en.retry);
      const well = await told('health', ({ status }) => status === 'healthy');
      const over = await shows('back_online');
      await shows(null);
      expect(await text('.ccr-root')).toBe('');
      const times = { shownAfterMs: seen.at - unwell.at, goneAfterMs: over.at - well.at };
      console.log(`${name}, clerk-js ${major}: ${JSON.stringify(times)}`);
      expect(times.shownAfterMs).toBeGreaterThan(showAfterMs - 100);
      expect(times.goneAfterMs).toBeLessThan(500);

      breaks();
      await shows('clerk_unreachable');
      await click(en.sign_out);
      await told('view', ({ view, mounted }) => view === 'unauthenticated' && mounted);
      expect(await profile.evaluate('post(10_000)')).toBe('not_authenticated');

      const moved = records.flatMap((record) => (record.kind === 'notice' ? [record.movedBy] : []));
      expect(moved.length).toBeGreaterThan(3);
      expect(moved.filter((by) => by !== 0)).toEqual([]);
      expect(records.filter(({ kind }) => kind === 'unhandled_rejection')).toEqual([]);
    } finally {
      await user.close();
      await engine.close();
    }
  },
);
