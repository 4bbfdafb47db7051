import { backoffDelay } from '../core/backoff.ts';
import type { Clock } from '../core/clock.ts';
import type { Connectivity } from '../core/connectivity.ts';
import { type AuthEventBody, eventFailure } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import { startOutage } from '../core/outage.ts';
import type { RetryPolicy } from '../core/policy.ts';
import { createWaits, type Waits } from '../core/wakeableSleep.ts';
import { askWithin } from './askWithin.ts';

export interface InsistOnScriptsOptions {
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly policy: RetryPolicy;
  /** Where the app has Clerk's UI from, if it says so. */
  readonly uiUrl?: string | undefined;
  readonly report: (event: AuthEventBody) => void;
  /** A script failed; null: it is there now. `src`: where from, when that was not the first time. */
  readonly onFailure: (failure: AuthFailure | null, src?: string) => void;
}

export interface ScriptLoading {
  /** A person asks: tries now instead of waiting. */
  retry(): void;
  stop(): void;
}

/** What Clerk's loader marks its scripts with, and what a server has rendered of them (loadClerkJsScript, @clerk/shared 3.48 and 4.41). */
const clerkScripts = 'script[data-clerk-publishable-key],script[data-clerk-js-script],script[data-clerk-ui-script]';

/** A script that has neither come nor failed after this time is asked for again, in milliseconds. */
const hangMs = 10_000;

/**
 * Loads Clerk's scripts again when they fail: clerk-js, and in v6 its UI. Clerk's own loader tries five times more within
 * 8 s, never again after that, and throws what nobody catches (loadScript, @clerk/shared 3.48 and 4.41). So a failure is
 * kept from it, and success is told to it: whoever waits for the script sees one that took long.
 */
export function insistOnScripts(options: InsistOnScriptsOptions): ScriptLoading {
  const { clock, connectivity, policy } = options;
  const page = connectivity.readGlobal('document') as Document | undefined;
  const ended = new AbortController();
  const waits = new Set<AbortController>();
  const ours = new WeakSet<Element>();
  const taken = new WeakSet<Element>();
  /** Its next try goes past the cache: what it got was no answer, or not Clerk's. */
  const pastCache = new WeakSet<Element>();
  const hung = new WeakSet<Element>();

  // Its file is ui.browser.js, of which only the host may be another: ui.example.com (clerkUIScriptUrl, @clerk/shared 4.41).
  const isUi = (script: HTMLScriptElement): boolean =>
    script.dataset.clerkUiScript !== undefined ||
    script.getAttribute('src') === options.uiUrl ||
    /^[^?#]*\/ui\.[^/?#]*([?#]|$)/.test(script.src.replace(/^[a-z]+:\/\/[^/]*/, ''));
  /** Has it put on the page what Clerk's packages look for (IsomorphicClerk, @clerk/clerk-react 5.61 and @clerk/react 6.18)? */
  const hasRun = (script: HTMLScriptElement): boolean =>
    Boolean(connectivity.readGlobal(isUi(script) ? '__internal_ClerkUICtor' : 'Clerk'));

  /** Is anybody still waiting for it? The loader takes its scripts away; those that a server rendered stay. */
  function isAwaited(script: HTMLScriptElement): boolean {
    const { clerkJsScript, clerkUiScript } = script.dataset;
    const isServerRendered = clerkJsScript !== undefined || clerkUiScript !== undefined;
    return script.isConnected && !(isServerRendered && hasRun(script));
  }

  function onSettled(event: Event): void {
    const script = event.target as HTMLScriptElement;
    if (!script.matches?.(clerkScripts) || ours.has(script) || taken.has(script)) return;
    if (event.type === 'load') {
      // A captive portal's page comes as a 200, and a script that does not parse has loaded.
      if (hasRun(script)) return;
      pastCache.add(script);
    }
    event.stopImmediatePropagation();
    insist(script);
  }

  function insist(original: HTMLScriptElement): void {
    taken.add(original);
    const sleep = createWaits(options);
    void tryAgain(original, sleep).finally(sleep.stop);
  }

  async function tryAgain(original: HTMLScriptElement, sleep: Waits): Promise<void> {
    const outage = startOutage(clock);
    const code = `failed_to_load_clerk_${isUi(original) ? 'ui' : 'js'}`;
    const failure: AuthFailure = { kind: 'not_loaded', retryable: true, source: 'clerk', code };
    for (let attempt = 1; ; attempt++) {
      const outageMs = outage();
      const history = { failures: attempt, outageMs, last: failure, loading: true };
      const retryInMs = backoffDelay(policy, history, clock.random());
      options.report({ type: 'request_failed', request: 'script', failure: eventFailure(failure), attempt, retryInMs });
      options.onFailure(failure, attempt > 1 ? original.src : undefined);
      const nap = new AbortController();
      waits.add(nap);
      await sleep.wait({ ms: retryInMs, outageMs, signal: nap.signal });
      waits.delete(nap);
      if (ended.signal.aborted) return;
      if (!isAwaited(original) || (await load(original))) {
        options.report({
          type: 'request_recovered',
          request: 'script',
          attempts: attempt,
          afterMs: outage(),
        });
        options.onFailure(null);
        original.dispatchEvent(new Event('load'));
        return;
      }
      if (ended.signal.aborted) return;
    }
  }

  /** A script that has been started once never starts again, nor does a clone of it: a new one with the same attributes. */
  async function load(original: HTMLScriptElement): Promise<boolean> {
    const script = original.ownerDocument.createElement('script');
    for (const { name, value } of original.attributes) script.setAttribute(name, value);
    // Chromium lets a request wait for an equal one that hangs.
    if (pastCache.has(original)) script.src += `${original.src.includes('?') ? '&' : '?'}again=${clock.now()}`;
    script.async = true;
    script.nonce = original.nonce; // the attribute reads as empty
    if (hung.has(original) && !((await answers(script.src)) && isAwaited(original))) return hasRun(original);
    ours.add(script);
    const loaded = await new Promise<boolean>((resolve) => {
      const settle = (): void => {
        undo();
        ended.signal.removeEventListener('abort', settle);
        resolve(hasRun(original));
      };
      const amiss = (): void => {
        if (!hasRun(original)) pastCache.add(original);
        settle();
      };
      const undo = clock.setTimer(() => {
        hung.add(original);
        amiss();
      }, hangMs);
      ended.signal.addEventListener('abort', settle);
      script.onload = amiss;
      script.onerror = settle;
      original.ownerDocument.body.append(script);
    });
    script.remove();
    return loaded;
  }

  /**
   * A script that hangs keeps its connection, on the page or off it, and of these a browser has six to a host: the seventh try would wait for ever,
   * whatever is mended (Chromium 156, HTTP/1.1). So after one that hung, what can be taken back is asked first. False: that hung, too.
   */
  const answers = (src: string): Promise<boolean> =>
    askWithin(clock, hangMs, ended.signal, async (signal) => {
      const fetch = connectivity.readGlobal('fetch') as typeof globalThis.fetch;
      try {
        await (await fetch(src, { signal })).blob();
        return true;
      } catch {
        // Refused, perhaps by a policy that is not one of scripts: the script shall say it.
        return !signal.aborted;
      }
    });

  let seen: readonly Element[] = [];
  let undoTimer = (): void => {};
  /** A request that hangs says nothing: what was awaited at the last look, and still is, hangs. */
  function look(): void {
    const scripts = [...(page?.querySelectorAll<HTMLScriptElement>(clerkScripts) ?? [])];
    const awaited = scripts.filter((script) => !ours.has(script) && isAwaited(script));
    for (const script of awaited) {
      if (!seen.includes(script) || taken.has(script)) continue;
      pastCache.add(script);
      hung.add(script);
      insist(script);
    }
    seen = awaited;
    undoTimer = clock.setTimer(look, hangMs);
  }

  if (page) {
    for (const type of ['error', 'load']) page.addEventListener(type, onSettled, true); // neither bubbles
    look();
  }
  const wakeAll = (): void => {
    for (const nap of waits) nap.abort();
  };
  return {
    retry: wakeAll,
    stop() {
      ended.abort();
      wakeAll();
      undoTimer();
      for (const type of ['error', 'load']) page?.removeEventListener(type, onSettled, true);
    },
  };
}
