import type { Page } from 'playwright-core';

export const engineNames = ['chromium', 'firefox', 'webkit'] as const;
export type EngineName = (typeof engineNames)[number];

/** What the driver of an engine can really do; where it is false, the method throws. */
export interface EngineAbilities {
  /** `setOffline`: no request leaves, `navigator.onLine` is false, and the page gets `offline` and `online`. */
  readonly offline: boolean;
  /** `setHidden`: the window is minimised, so `document.hidden` is true because it is so. */
  readonly hidden: boolean;
  /** `back` restores a page from the back/forward cache (`pageshow.persisted`). */
  readonly bfcache: boolean;
  /** ... also a page whose WebSocket was open. */
  readonly bfcacheWithSocket: boolean;
  /** `tab.page` is there, and takes a CDP session. */
  readonly cdp: boolean;
}

/** A browser of one engine. */
export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  readonly can: EngineAbilities;
  /** A fresh profile with these cookies and one tab. */
  open(cookies?: readonly EngineCookie[]): Promise<Profile>;
  /** Ends the browser and all its profiles. */
  close(): Promise<void>;
}

export interface EngineCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly httpOnly: boolean;
}

/** A browser profile, and its first tab: nothing of it is shared with another one. Closing it closes all its tabs. */
export interface Profile extends Tab {
  /** One more tab. */
  openTab(): Promise<Tab>;
  setOffline(offline: boolean): Promise<void>;
}

export interface Tab {
  /** Loads a page. Throws when the page begins without `pageStart`: clerk-js would take its browser for offline. */
  goto(url: string): Promise<void>;
  /** Goes back in the history. */
  back(): Promise<void>;
  /** Value of a JavaScript expression in the page, awaited; it crosses as JSON. */
  evaluate<T>(expression: string): Promise<T>;
  /** What the pages of this tab have told with `window.tell` since the last call, in order; also those that are gone by now. */
  told(): Promise<unknown[]>;
  setHidden(hidden: boolean): Promise<void>;
  close(): Promise<void>;
  /** Playwright's own page, in the engines that it drives. */
  readonly page?: Page;
}
