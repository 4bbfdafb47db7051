// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthEventBody } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import { retryPolicies } from '../core/policy.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { createTestConnectivity, type TestConnectivity } from '../core/testConnectivity.ts';
import { insistOnScripts, type ScriptLoading } from './insistOnScripts.ts';

const src = 'https://clerk.example.com/npm/@clerk/clerk-js@5/dist/clerk.browser.js';

describe('insistOnScripts', () => {
  let clock: TestClock;
  let connectivity: TestConnectivity;
  let page: Document;
  let loading: ScriptLoading;
  let events: AuthEventBody[];
  let failures: (AuthFailure | null)[];
  let sources: (string | undefined)[];
  /** What Clerk's own loader is told. */
  let told: string[];

  beforeEach(() => {
    clock = createTestClock();
    connectivity = createTestConnectivity();
    // A document of its own: what another file has left in the page's is none of this one's.
    page = document.implementation.createHTMLDocument();
    connectivity.globals.set('document', page);
    events = [];
    failures = [];
    sources = [];
    told = [];
    start();
  });
  afterEach(() => loading.stop());
  function start(uiUrl?: string): void {
    loading = insistOnScripts({
      uiUrl,
      clock,
      connectivity,
      policy: retryPolicies.session,
      report: (event) => events.push(event),
      onFailure(failure, from) {
        failures.push(failure);
        sources.push(from);
      },
    });
  }

  /** As loadScript of @clerk/shared does it. */
  function loadAsClerk(attributes: Record<string, string> = { 'data-clerk-publishable-key': 'pk_test_x' }, from = src) {
    const script = page.createElement('script');
    script.src = from;
    for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
    for (const type of ['load', 'error'])
      script.addEventListener(type, () => {
        told.push(type);
        script.remove();
      });
    page.body.append(script);
    return script;
  }
  const scripts = () => [...page.querySelectorAll('script')];
  const newest = () => scripts().at(-1) as HTMLScriptElement;
  /** It comes, and it is Clerk's. */
  const run = (script: HTMLScriptElement) => {
    connectivity.globals.set('Clerk', {});
    return fire(script, 'load');
  };
  const fire = (script: HTMLScriptElement, type: 'load' | 'error') => script.dispatchEvent(new Event(type));

  it('names the script to whoever looks into it, once it is no blip', async () => {
    loadAsClerk();
    fire(newest(), 'error');
    expect(sources).toEqual([undefined]);
    await clock.advance(400);
    fire(newest(), 'error');
    await clock.advance(0);
    expect(sources).toEqual([undefined, src]);
  });

  it('asks no more often for a clock that is set back in the middle of an outage', async () => {
    fire(loadAsClerk(), 'error');
    /** For so long each try fails as soon as it is seen. */
    async function fail(ms: number): Promise<number> {
      const before = failures.length;
      for (let passed = 0; passed < ms; passed += 1_000) {
        await clock.advance(1_000);
        if (scripts().length > 1) fire(newest(), 'error');
      }
      return failures.length - before;
    }
    await fail(120_000);
    clock.setBack(3_600_000);
    // As in an outage that begins anew, where every 3 s are 100.
    expect(await fail(300_000)).toBeLessThan(50);
  });

  it('goes past the cache after a try of its own that got something else, and not after one that got nothing', async () => {
    fire(loadAsClerk(), 'error');
    await clock.advance(400);
    fire(newest(), 'error');
    await clock.advance(1_000);
    expect(newest().src).toBe(src);
    fire(newest(), 'load');
    await clock.advance(1_000);
    expect(newest().src).toContain('again=');
  });

  it('keeps a failure from the loader, tries again until it succeeds, and then says so', async () => {
    const original = loadAsClerk();
    original.nonce = 'n0nce';
    fire(original, 'error');
    expect(failures).toMatchObject([{ kind: 'not_loaded', code: 'failed_to_load_clerk_js', retryable: true }]);
    await clock.advance(400);
    expect(scripts()).toHaveLength(2);
    expect(newest()).toMatchObject({ src, async: true, nonce: 'n0nce' });
    fire(newest(), 'error');
    await clock.advance(1_000);
    expect(scripts()).toHaveLength(2);
    run(newest());
    await clock.advance(0);
    expect(told).toEqual(['load']);
    expect(scripts()).toEqual([]);
    expect(failures.at(-1)).toBeNull();
    expect(events.map(({ type }) => type)).toEqual(['request_failed', 'request_failed', 'request_recovered']);
  });

  it('takes what loads and is not Clerk for a failure, and asks past the cache', async () => {
    fire(loadAsClerk(), 'load'); // a captive portal's page
    expect(told).toEqual([]);
    expect(failures).toMatchObject([{ kind: 'not_loaded' }]);
    await clock.advance(800);
    expect(newest().src).toMatch(/\?again=\d+$/);
    fire(newest(), 'load');
    await clock.advance(2_000);
    run(newest());
    await clock.advance(0);
    expect(told).toEqual(['load']);
    expect(failures.at(-1)).toBeNull();
  });

  it('tries at once when the network is back or a person asks', async () => {
    fire(loadAsClerk(), 'error');
    for (let i = 0; i < 8; i++) {
      await clock.advance(3_000);
      fire(newest(), 'error');
    }
    await clock.advance(0);
    expect(scripts()).toHaveLength(1);
    loading.retry();
    await clock.advance(0);
    expect(scripts()).toHaveLength(2);
    fire(newest(), 'error');
    await clock.advance(0);
    connectivity.wake();
    await clock.advance(2_000);
    expect(scripts()).toHaveLength(2);
  });

  it('counts a wake signal that comes while a script is on its way that then fails, and listens to none afterwards', async () => {
    fire(loadAsClerk(), 'error');
    let failed = 0;
    for (const end = clock.now() + 300_000; clock.now() < end; await clock.advance(1_000)) {
      if (scripts().length === 2 && ++failed) fire(newest(), 'error');
    }
    expect(failed).toBeGreaterThan(10);
    while (scripts().length === 1) await clock.advance(1_000);
    connectivity.wake();
    fire(newest(), 'error');
    await clock.advance(0);
    expect(scripts()).toHaveLength(1);
    await clock.advance(500);
    expect(scripts()).toHaveLength(2);
    run(newest());
    await clock.advance(0);
    expect(connectivity.open.wake).toBe(0);
  });

  it('asks past the cache for a script that hangs, and lets the late one count', async () => {
    connectivity.globals.set('fetch', async () => new Response('clerk-js'));
    const original = loadAsClerk();
    loading.stop();
    start();
    await clock.advance(11_000);
    expect(newest().src).toMatch(/clerk\.browser\.js\?again=\d+$/);
    run(original);
    await clock.advance(12_000);
    expect(told).toEqual(['load', 'load']);
    expect(failures.at(-1)).toBeNull();
  });

  describe('while scripts hang, of which each keeps a connection', () => {
    let asked: { readonly url: string; readonly signal: AbortSignal }[];
    let answer: (() => Promise<Response>) | null;
    beforeEach(() => {
      asked = [];
      answer = null;
      connectivity.globals.set('fetch', (url: string, { signal }: { signal: AbortSignal }) => {
        asked.push({ url, signal });
        return answer
          ? answer()
          : new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      });
      loadAsClerk();
      loading.stop();
      start();
    });

    it('puts none on the page before one answers, and has given up what it asked for', async () => {
      await clock.advance(210_000);
      expect(scripts()).toHaveLength(1);
      expect(asked.length).toBeGreaterThan(6);
      expect(asked.filter(({ signal }) => !signal.aborted).length).toBeLessThanOrEqual(1);
      answer = async () => new Response('clerk-js');
      for (let s = 0; s < 60 && scripts().length === 1; s++) await clock.advance(1_000);
      expect(newest().src).toBe(asked.at(-1)?.url);
      run(newest());
      await clock.advance(0);
      expect(told).toEqual(['load']);
      expect(scripts()).toEqual([]);
    });

    it('asks so, too, after one of its own has hung', async () => {
      answer = async () => new Response('clerk-js');
      await clock.advance(12_000);
      expect(scripts()).toHaveLength(2); // and this one hangs
      answer = null;
      await clock.advance(120_000);
      expect(scripts()).toHaveLength(1);
    });

    it('asks so after one of its own that was the first to hang', async () => {
      fire(scripts()[0] as HTMLScriptElement, 'error');
      await clock.advance(1_000);
      expect([scripts().length, asked.length]).toEqual([2, 0]); // and this one hangs
      await clock.advance(60_000);
      expect(scripts()).toHaveLength(1);
      expect(asked.length).toBeGreaterThan(0);
    });

    it('leaves the word to the script where asking is refused: a policy may allow scripts alone', async () => {
      answer = () => Promise.reject(new TypeError('Failed to fetch'));
      await clock.advance(12_000);
      expect(newest().src).toBe(asked[0]?.url);
    });

    it('gives up what it asks for when it is stopped', async () => {
      await clock.advance(12_000);
      loading.stop();
      await clock.advance(0);
      expect(asked.map(({ signal }) => signal.aborted)).toEqual([true]);
      expect([scripts().length, clock.pendingTimers]).toEqual([1, 0]);
    });
  });

  it.each([
    'https://clerk.example.com/npm/@clerk/ui@1/dist/ui.browser.js',
    'https://example.com/clerk/npm/@clerk/ui@1.41.0/dist/ui.browser.js?x=/y.js',
    '/own/clerk-components.js',
  ])('waits for what Clerk’s UI puts on the page: %s', async (from) => {
    loading.stop();
    start('/own/clerk-components.js');
    const key = { 'data-clerk-publishable-key': 'pk_test_x' };
    fire(loadAsClerk(key, from), 'load'); // a captive portal's page
    expect(failures.at(-1)?.code).toBe('failed_to_load_clerk_ui');
    await clock.advance(800);
    connectivity.globals.set('Clerk', {});
    fire(newest(), 'load');
    await clock.advance(2_000);
    expect(told).toEqual([]);
    connectivity.globals.set('__internal_ClerkUICtor', {});
    fire(newest(), 'load');
    await clock.advance(0);
    expect(told).toEqual(['load']);
  });

  it('takes clerk-js of a host or in a folder named ui for clerk-js', () => {
    const key = { 'data-clerk-publishable-key': 'pk_test_x' };
    for (const base of ['https://ui.example.com', 'https://example.com/ui.v2', 'https://example.com/ui@5']) {
      run(loadAsClerk(key, `${base}/npm/@clerk/clerk-js@5/dist/clerk.browser.js`));
    }
    expect(told).toEqual(['load', 'load', 'load']);
    expect(events).toEqual([]);
  });

  it('leaves a script alone that a server rendered and that has run', async () => {
    connectivity.globals.set('Clerk', {});
    loadAsClerk({ 'data-clerk-js-script': '' });
    await clock.advance(60_000);
    expect(scripts()).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it("leaves everybody else's scripts alone", async () => {
    fire(loadAsClerk({}), 'error');
    await clock.advance(60_000);
    expect(told).toEqual(['error']);
    expect(events).toEqual([]);
  });

  it('leaves nothing behind when it is stopped, whatever it was doing', async () => {
    const original = loadAsClerk();
    fire(original, 'error');
    loading.stop();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
    start();
    await clock.advance(11_000); // found again
    expect(scripts()).toHaveLength(2);
    loading.stop();
    await clock.advance(0);
    expect(scripts()).toEqual([original]);
    expect(clock.pendingTimers).toBe(0);
    expect(connectivity.open.wake).toBe(0);
    fire(original, 'error');
    expect(told).toEqual(['error']);
  });
});
