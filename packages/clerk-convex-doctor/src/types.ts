import type { Evidence, Finding, NetworkEvidence, ProjectEvidence } from 'clerk-convex-resilience/diagnosis';

/** What to look at, and how far to go. */
export interface DoctorOptions {
  /** Folder of the project, or of an app in a monorepo. */
  readonly root: string;
  /** An env file to read in place of the app's own, as `.env.production`. */
  readonly envFile?: string | undefined;
  /** Where the app is served: its webhook endpoint is asked there. */
  readonly url?: string | undefined;
  /** Asks nothing of the network, and runs no other program but git. @defaultValue false */
  readonly offline?: boolean | undefined;
  /** Runs `npx convex env list` where there is a deployment. @defaultValue true unless offline */
  readonly askConvex?: boolean | undefined;
  /** The environment of the process. @defaultValue `process.env` */
  readonly processEnv?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where the services are, for tests against emulators. */
  readonly endpoints?: Partial<Endpoints> | undefined;
  /** How long one request may take, in milliseconds. @defaultValue 5000 */
  readonly timeoutMs?: number | undefined;
  /** Told of each thing as it is looked at. */
  readonly onStep?: ((step: Step) => void) | undefined;
}

export interface Endpoints {
  /** Clerk's Backend API. @defaultValue https://api.clerk.com */
  readonly backendApi: string;
  /** Clerk's status page. @defaultValue https://status.clerk.com */
  readonly statusPage: string;
  /** Origin of the Frontend API, in place of the one that the publishable key names. */
  readonly frontendApi: string;
}

/** One thing that is looked at. `id` is stable: `--only` takes it, or its group (`files`, `network`). */
export interface Step {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly status: 'started' | 'done' | 'skipped';
  /** What was seen, or why it was skipped. Redacted. */
  readonly detail?: string;
}

/** What was found in one app. */
export interface AppReport {
  /** Folder from the root: `.` or `apps/web`. */
  readonly app: string;
  readonly framework: ProjectEvidence['framework'];
  readonly findings: readonly Finding[];
  /** Everything that the findings were made from. It holds secrets: not for printing. */
  readonly evidence: Evidence;
}

export interface DoctorReport {
  readonly apps: readonly AppReport[];
  readonly skipped: readonly Step[];
}

/** Reads an app's files. One for each app of a monorepo that uses Clerk or Convex. Never writes, never runs code of the project. */
export type GatherProjects = (options: DoctorOptions) => Promise<readonly ProjectEvidence[]>;

/** Asks the network what concerns one app. Never throws: a fault is what it answers. */
export type GatherNetwork = (project: ProjectEvidence, options: DoctorOptions) => Promise<NetworkEvidence>;
