import type { Instruments } from './instruments.ts';

/** What a test asks of the page. Put into it before anything of it runs. */
export interface HealthySettings {
  /** Plain `ConvexProviderWithClerk`, or ours. */
  readonly side: 'plain' | 'resilient';
  readonly major: 5 | 6;
  readonly publishableKey: string;
  /** URL of Clerk's Frontend API. */
  readonly clerk: string;
  /** URL of the Convex deployment. */
  readonly convex: string;
  /** How many providers stand under Clerk's, each with its own Convex client. @defaultValue 1 */
  readonly providers?: number;
  /** Renders in React's StrictMode. Double effects need a page of the development build. @defaultValue false */
  readonly strict?: boolean;
  /** Prints every event to the console. @defaultValue false */
  readonly debug?: boolean;
}

/** What the page counts of itself, by name: `commits`, `renders of useAuth`, `mounts`, `unmounts`, ... */
export type Counts = Readonly<Record<string, number>>;

/** What a test may ask of the page while it runs. */
interface HealthyPage {
  counts(): Counts;
  /** Renders this many providers from now on; 0 unmounts the last. */
  show(providers: number): void;
  /** Unmounts all, Clerk's provider too. */
  unmountAll(): void;
  /** The app's sign-out button. Resolves with the text of its error, or null. */
  signOut(): Promise<string | null>;
  /** A mutation that needs an identity: `ok`, or the text of its error. */
  post(): Promise<string>;
  /** What `onEvent` was given, as JSON. */
  readonly events: string[];
}

declare global {
  interface Window {
    readonly healthySettings: HealthySettings;
    readonly instruments: Instruments;
    healthyPage: HealthyPage;
  }
}
