import type { SeededBrowser } from 'clerk-convex-emulators';
import type { PageRecord } from './page/bridge.ts';

export const engines = ['chromium', 'firefox', 'webkit'] as const;
export type Engine = (typeof engines)[number];

/** Errors of the network that a browser can be told to meet, in Chromium's names for them. */
export type NetError =
  | 'connectionrefused'
  | 'timedout'
  | 'namenotresolved'
  | 'internetdisconnected'
  | 'connectionaborted';

/** A browser that the bench drives; all that it needs to know of one. */
export interface BrowserSeat {
  readonly engine: Engine;
  readonly version: string;
  /** What is true here is there in every profile of it. */
  readonly can: SeatAbilities;
  /** A user's own profile with one tab in it, which has loaded nothing yet. */
  openProfile(options: ProfileOptions): Promise<Profile>;
  close(): Promise<void>;
}

interface SeatAbilities {
  /** `failRequests`. */
  readonly failRequests: boolean;
  /** `setOffline`. */
  readonly offline: boolean;
  /** `hide` and `show`. */
  readonly hide: boolean;
  /** `goBack` brings a page back as it was, though its socket was open. */
  readonly keepPages: boolean;
}

export interface ProfileOptions {
  readonly cookies: SeededBrowser['cookies'];
  /** Gets what the page reports, in order. */
  readonly onReport: (record: PageRecord) => void;
}

/** What is optional an engine may lack: what needs it is left out there, and said to be. */
export interface Profile {
  goto(url: string): Promise<void>;
  /** Goes one step back in the tab's history. */
  goBack(): Promise<void>;
  /** The value of an expression in the page; a promise is awaited. */
  evaluate<T>(expression: string): Promise<T>;
  clearCookies(name: RegExp): Promise<void>;
  close(): Promise<void>;
  setOffline?(offline: boolean): Promise<void>;
  /** Fails requests inside the browser, before they reach the network. */
  failRequests?(options: FailRequestsOptions): Promise<() => Promise<void>>;
  /** Puts another tab in front: `document.hidden` is true then, and timers are throttled. */
  hide?(): Promise<void>;
  show?(): Promise<void>;
  /** When requests failed because this browser was told that they should. */
  readonly failedRequests: readonly number[];
}

export interface FailRequestsOptions {
  /** Tested against `METHOD url`; the method of a preflight is OPTIONS. */
  readonly match: (line: string) => boolean;
  readonly error: NetError;
  /** How long a request is left waiting before it fails. */
  readonly delayMs: number;
}
