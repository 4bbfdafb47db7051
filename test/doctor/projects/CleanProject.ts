import type { Framework, NetworkEvidence } from 'clerk-convex-resilience/diagnosis';

/** Text by path from the root of the project, with `/`. */
export type FileMap = Readonly<Record<string, string>>;

/** A project in which nothing is wrong, and where in it things stand that can be made wrong. */
export interface CleanProject {
  readonly name: string;
  /** Of the app that mutations are made in: of a monorepo, the first. */
  readonly framework: Framework;
  /** Its folder with `/`: '' or `apps/web/`. */
  readonly app: string;
  /** Folder of the Convex functions with `/`. */
  readonly convex: string;
  readonly files: FileMap;
  /** Variables of the Convex deployment. */
  readonly deploymentEnv: Readonly<Record<string, string>>;
  /** What the network says of it while all is well. */
  readonly network: NetworkEvidence;
  /** What the variables are called. */
  readonly names: {
    readonly publishableKey: string;
    readonly convexUrl: string;
    /** What the bundler wants before a public name: `VITE_`. Empty: nothing. */
    readonly publicPrefix: string;
    readonly issuer: string;
    readonly webhookSecret: string;
  };
  /** The app's own env file. */
  readonly envFile: string;
  /** The server of the app needs a secret key. */
  readonly needsSecretKey: boolean;
  /** The Clerk package of the app. */
  readonly clerk: string;
  /** File with the Convex provider, and that with `ClerkProvider`: the same, or another. */
  readonly providerFile: string;
  readonly clerkProviderFile: string;
  /** File with the webhook handler, and where it runs. */
  readonly webhookFile: string;
  readonly webhookRunsIn: 'convex' | 'app';
  readonly middlewareFile?: string;
}
