/** What the page under test tells the bench, and what the bench may ask of it. Shared by both sides of the browser's wall. */

export type AuthState = 'loading' | 'authenticated' | 'refreshing' | 'signed_out';
export type View = 'authenticated' | 'unauthenticated' | 'loading';

/** What the page saw, in the order it saw it; `at` is in milliseconds since the epoch. */
export type PageRecord = { readonly at: number } & (
  | { readonly kind: 'load' }
  | { readonly kind: 'auth'; readonly state: AuthState }
  | { readonly kind: 'view'; readonly view: View; readonly mounted: boolean }
  | { readonly kind: 'clerk'; readonly isLoaded: boolean; readonly isSignedIn: boolean; readonly status: string }
  | { readonly kind: 'me'; readonly subject: string | null }
  /** `why`: what kept a page out of the back/forward cache, where the browser says. */
  | { readonly kind: 'pageshow'; readonly persisted: boolean; readonly why: string }
  /** Waiting any longer may be pointless: the browser's word, or the main thread running again. */
  | { readonly kind: 'woke'; readonly by: 'online' | 'visible' | 'thaw' }
  | { readonly kind: 'org_switch_settled'; readonly organization: string | null; readonly error?: string }
  | { readonly kind: 'sign_out_asked' }
  | { readonly kind: 'sign_out_settled'; readonly error?: string }
  /** A message to Convex: a token of whom, or a call or query of which function. */
  | { readonly kind: 'sent'; readonly what: 'token' | 'call'; readonly of: string }
  | { readonly kind: 'unhandled_rejection'; readonly message: string }
  | { readonly kind: 'event'; readonly type: string; readonly detail: string }
);

export type PageRecordBody = PageRecord extends infer R ? (R extends PageRecord ? Omit<R, 'at'> : never) : never;

/** How a call to Convex ended, as its caller saw it. */
export type CallResult = 'ok' | 'not_authenticated' | 'failed' | 'no_answer';

interface BenchPage {
  /** The app's own sign-out button. */
  signOut(): void;
  /** Goes to the user's organisation, or back. `asked`, or why not. */
  switchOrganization(): string;
  /** Holds the main thread for so long; returns for how long it was held. */
  freeze(ms: number): number;
  /** A mutation that needs an identity. */
  post(timeoutMs: number): Promise<CallResult>;
  /** A mutation that needs none. */
  isConnected(): boolean;
  ping(timeoutMs: number): Promise<CallResult>;
  /** A one-off query that needs an identity. */
  readMe(timeoutMs: number): Promise<CallResult>;
}

declare global {
  interface Window {
    bench: BenchPage;
    /** Where the browser can call out. Elsewhere the bench asks for what was told to `tell` (test/support/engines/pageStart.ts). */
    benchReport?(record: PageRecord): Promise<void>;
  }
}
