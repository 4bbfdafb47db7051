import type { AuthenticationEvent, FunctionRun, RequestLogEntry } from 'clerk-convex-emulators';
import type { AuthState, CallResult, PageRecord } from './page/bridge.ts';
import type { LoadOptions } from './Stage.ts';

/** All that was seen of one run: raw, from the page and from both emulators. Times are milliseconds since the epoch. */
export interface Recording {
  readonly userId: string;
  /** How the path of a request for a token for Convex ends. */
  readonly tokenPath: string;
  /** The measured part: from when the user was settled (or the page load under test began) until before the last probe. */
  readonly observedFrom: number;
  readonly observedUntil: number;
  /** When the fault began, and when it was over; the start of the observation where there was none. */
  readonly brokenAt: number;
  readonly mendedAt: number;
  /** When the user signed out or the session was revoked. */
  readonly endedAt?: number;
  /** When the session was seen removed on the server. */
  readonly removedAt?: number;
  readonly page: readonly PageRecord[];
  readonly clerkLog: readonly RequestLogEntry[];
  readonly convexLog: readonly RequestLogEntry[];
  readonly runs: readonly FunctionRun[];
  readonly authentications: readonly AuthenticationEvent[];
  /** Requests of the page that failed inside the browser, as it was told to. */
  readonly failedRequests: readonly number[];
  /** How many faults the scenario made, and how often they hit while the user was watched. */
  readonly faults: number;
  readonly hits: number;
  /** How many hits were asked for: of a fault that lasts for a time, one. */
  readonly due: number;
  /** How the page was loaded last. */
  readonly loaded: Required<LoadOptions>;
  /** What became of a switch of organisation, where there was one: `settled`, `pending`, or its error. */
  readonly organizationSwitch?: string;
  /** Faults that hit nothing: the scenario did not happen. */
  readonly missedFaults: readonly string[];
  /** What the scenario says of itself and was seen not to be so: a page that was to be hidden and was not. */
  readonly untrue: readonly string[];
  /** What each load of the page showed once it had settled. */
  readonly afterReloads: readonly AuthState[];
  /** Where the page stood at the end of the observation. */
  readonly lastState: AuthState;
  /** What calls at the end came to: with an identity, or (after a real end) without. */
  readonly probes: readonly CallResult[];
  /** What a call that was queued during the fault came to. */
  readonly queued?: CallResult;
}
