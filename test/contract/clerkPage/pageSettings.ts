/** What the server of the test page writes into it. */
export interface PageSettings {
  readonly providerProps: { readonly publishableKey: string; readonly proxyUrl?: string };
  /** `script`: clerk-js comes from the emulator; `bundle`: it is in the page's own script. */
  readonly load: 'script' | 'bundle';
  readonly show: 'nothing' | 'sign-in' | 'sign-up' | 'signed-in';
}

/** What the tests reach for in the page: the same in both majors. */
export interface PageHandle {
  readonly auth: {
    readonly isLoaded: boolean;
    readonly isSignedIn: boolean | undefined;
    readonly userId: string | null | undefined;
    readonly sessionId: string | null | undefined;
    readonly orgSlug: string | null | undefined;
    getToken(options?: { template?: string; skipCache?: boolean }): Promise<string | null>;
  };
  readonly clerk: {
    readonly version?: string | undefined;
    readonly client?: {
      readonly signIn: { create(fields: SignInFields): Promise<Attempt> };
      readonly signUp: { create(fields: { emailAddress: string; password: string }): Promise<Attempt> };
    };
    setActive(target: { session?: string | null; organization?: string | null }): Promise<void>;
    signOut(): Promise<void>;
  };
}
type SignInFields =
  | { strategy: 'password'; identifier: string; password: string }
  | { strategy: 'ticket'; ticket: string };
interface Attempt {
  readonly status: string | null;
  readonly createdSessionId: string | null;
}

declare global {
  interface Window {
    pageSettings: PageSettings;
    page: PageHandle;
  }
}
