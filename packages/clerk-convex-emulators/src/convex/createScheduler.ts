import { convexToJson, type JSONValue, type Value } from 'convex/values';
import type { Database } from './createDatabase.ts';
import type { StoredDocument } from './engineInternals.ts';

/** Runs what functions schedule (`ctx.scheduler`), at its time. */
export interface Scheduler {
  /** Looks for jobs among documents that were committed. */
  watch(documents: Readonly<Record<string, StoredDocument | null>>): void;
  /** Forgets all jobs. */
  stop(): void;
}

export interface SchedulerOptions {
  readonly database: Database;
  run(path: string, args: JSONValue): Promise<{ readonly ok: boolean }>;
}

interface Job extends StoredDocument {
  readonly name: string;
  readonly args: readonly Value[];
  readonly scheduledTime: number;
  readonly state: { readonly kind: 'pending' | 'inProgress' | 'success' | 'failed' | 'canceled' };
}

/** Makes one. Its timers do not keep the process alive. */
export function createScheduler({ database, run }: SchedulerOptions): Scheduler {
  const timers = new Map<string, NodeJS.Timeout>();
  const advance = (id: string, from: Job['state']['kind'], to: Job['state']['kind']) =>
    database.patch(id, (document) =>
      (document as Job).state.kind === from
        ? { state: { kind: to }, ...(to !== 'inProgress' && { completedTime: Date.now() }) }
        : undefined,
    );
  const fire = async (job: Job) => {
    timers.delete(job._id);
    if (!(await advance(job._id, 'pending', 'inProgress'))) return;
    const { ok } = await run(job.name, convexToJson(job.args[0] ?? {}));
    await advance(job._id, 'inProgress', ok ? 'success' : 'failed');
  };
  return {
    watch(documents) {
      for (const [id, document] of Object.entries(documents)) {
        if (!id.endsWith('_scheduled_functions') || document === null) continue;
        const job = document as Job;
        if (job.state.kind !== 'pending' || timers.has(id)) continue;
        const delayMs = Math.min(Math.max(0, job.scheduledTime - Date.now()), longestDelayMs);
        timers.set(id, setTimeout(() => void fire(job), delayMs).unref());
      }
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** What a timer of Node can wait; nothing lives that long here. */
const longestDelayMs = 2 ** 31 - 1;
