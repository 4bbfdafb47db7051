/** What a test asks of the page. Put into it before anything of it runs. */
export interface PageSettings {
  /** Plain `ConvexProviderWithClerk`, the drop-in for it, or the all-in-one provider. */
  readonly side: 'plain' | 'drop-in' | 'all-in-one';
  readonly major: 5 | 6;
  /** URL of the Convex deployment. */
  readonly convex: string;
  /** Props of `ClerkProvider`: how it reaches the Frontend API. */
  readonly clerk: Readonly<Record<string, unknown>> & { readonly publishableKey: string };
  /** Takes clerk-js from the page's bundle (the `Clerk` prop). @defaultValue a script of the Frontend API */
  readonly bundled?: boolean;
  /** Of ours. @defaultValue true */
  readonly guardRequests?: boolean;
  /** Renders Clerk's `<SignIn/>` besides. @defaultValue false */
  readonly signIn?: boolean;
}

/** What was to be seen on the page, each time that it changed. */
export interface Seen {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly convex: 'loading' | 'authenticated' | 'signed_out';
  /** `useAuthHealth().status`, and the code of its failure; absent in plain. */
  readonly health?: string;
  readonly clerk: string;
}

/** What a test may ask of the page while it runs. */
interface ContractPage {
  readonly seen: Seen[];
  /** Requests that were tried again until they were answered (`request_recovered`), in ours. */
  readonly recovered: string[];
  /** How often the app below the providers was mounted. */
  mounts: number;
  /** The app's sign-out button. Resolves with the text of its error, or null. */
  signOut(options?: { sessionId?: string }): Promise<string | null>;
  /** `useAuthHealth().retry`. */
  retry(): void;
  /** `useAuth().orgId`. */
  organization(): string | null | undefined;
  /** `useAuthHealth().signIn`. */
  signIn(): Promise<void>;
  /** `useAuthHealth().resetLocalAuth`. */
  reset(): Promise<void>;
  /** As whom a request to the app's own API is sent: Clerk's `getToken` alone, and `createAuthFetch` with it. */
  api(): Promise<{ readonly getToken: 'user' | 'nobody'; readonly createAuthFetch: 'user' | 'nobody' }>;
  /** A mutation that needs an identity: `ok`, or the text of its error. */
  post(): Promise<string>;
}

declare global {
  interface Window {
    readonly sessionsSettings: PageSettings;
    contractPage: ContractPage;
  }
}
