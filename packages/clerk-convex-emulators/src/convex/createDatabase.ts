import { AsyncLocalStorage } from 'node:async_hooks';
import { type JSONValue, jsonToConvex } from 'convex/values';
import { convexTest } from 'convex-test';
import { type Engine, type EngineInternals, reachInternals, type StoredDocument, tableOf } from './engineInternals.ts';
import type { LoadedFunctions } from './loadFunctions.ts';
import { fixPage, type PageRequest, type PageResult, parseJournal, writeJournal } from './pagination.ts';

/** What an execution read and left behind. */
export interface Footprint {
  readonly tables: ReadonlySet<string>;
  /** Commits seen before its first read. */
  readonly asOf: number;
  /** Timestamp of its commit, for a mutation. */
  readonly commitTs: bigint | undefined;
  readonly journal: string | null;
}

/** All that a database holds, as it can be kept or put back. */
export interface DatabaseState {
  readonly documents: Readonly<Record<string, StoredDocument>>;
  readonly nextDocId: number;
  readonly lastCreationTime: number;
  readonly files: Readonly<Record<string, Blob>>;
}

export interface Commit {
  readonly tables: ReadonlySet<string>;
  readonly documents: Readonly<Record<string, StoredDocument | null>>;
}

type Execution<Result> = { readonly footprint: Footprint } & (
  | { readonly ok: true; readonly value: Result }
  | { readonly ok: false; readonly error: unknown }
);

/** Documents and transactions of one deployment, on convex-test. */
export interface Database {
  /** Runs a function through the engine, and says what it read and committed; a function that throws has read too. */
  execute<Result>(run: (engine: Engine) => Promise<Result>, journal?: string | null): Promise<Execution<Result>>;
  /** Whether what was read has been written since. */
  isStale(footprint: Footprint): boolean;
  /** Nanoseconds since the epoch of the latest commit; a mutation without writes commits too. */
  latestTs(): bigint;
  /** Hands a document to a transaction of its own. */
  patch(
    id: string,
    change: (document: StoredDocument) => Readonly<Record<string, unknown>> | undefined,
  ): Promise<boolean>;
  /** Takes another set of functions; documents stay, all that was read is stale. */
  load(functions: LoadedFunctions): Promise<void>;
  read(): DatabaseState;
  /** Puts a state in the place of all that there is; all that was read is stale. */
  restore(state: DatabaseState): Promise<void>;
}

export const emptyState: DatabaseState = { documents: {}, nextDocId: 10_000, lastCreationTime: 0, files: {} };

interface Recorder {
  readonly tables: Set<string>;
  asOf: number | undefined;
  commitTs: bigint | undefined;
  journal: string | null;
}

/** One for all emulators of a process: Node never forgets one that was used, and asks each of them at every promise. */
const recorders = new AsyncLocalStorage<Recorder>();

/** Makes one. `onCommit` is called for every commit, whoever made it: a client, an action, the scheduler. */
export function createDatabase(
  functions: LoadedFunctions,
  onCommit: (commit: Commit) => void,
  now: () => number = () => Date.now(),
): Database {
  // What a commit sets off (timers, re-runs) is no part of the transaction that committed.
  const outside = AsyncLocalStorage.snapshot();
  const lastWrites = new Map<string, number>();
  let commits = 0;
  let replacedAt = 0;
  let engine: Engine;
  let internals: EngineInternals;

  const database = () => {
    const component = internals.components[''];
    if (!component) throw new Error('convex-test has no root component.');
    return component.db;
  };
  const noteRead = (table: string | undefined) => {
    const recorder = recorders.getStore();
    if (!recorder || table === undefined) return;
    recorder.asOf ??= commits;
    recorder.tables.add(table);
  };
  const markAllStale = () => {
    replacedAt = ++commits;
  };
  const start = (next: LoadedFunctions) => {
    const modules = Object.fromEntries(
      [...next.modules].map(([path, module]) => [`./convex/${path}.js`, () => Promise.resolve({ ...module })]),
    );
    // convex-test takes the folder from the place of `_generated`, which has no functions.
    modules['./convex/_generated/api.js'] = () => Promise.resolve({});
    engine = convexTest({ ...(next.schema && { schema: next.schema }), modules }) as unknown as Engine;
    internals = reachInternals(engine);
    hookReads();
    hookCommits();
    hookSyscalls();
  };

  const hookReads = () => {
    const db = database();
    const { get, _iterateDocs } = db;
    db.get = (table, id) => {
      if (typeof id === 'string') noteRead(tableOf(id));
      return get.call(db, table, id);
    };
    db._iterateDocs = (table, callback) => {
      noteRead(table);
      _iterateDocs.call(db, table, callback);
    };
  };
  const hookCommits = () => {
    const manager = internals.transactionManager;
    const commit = manager.commit.bind(manager);
    // Never behind what a client has observed of an earlier emulator: it would refuse to go back in time.
    manager._lastCommitTs = BigInt(now()) * 1_000_000n;
    manager.commit = (isNested) => {
      const documents = isNested ? {} : { ...database()._writes[0] };
      const ts = commit(isNested);
      if (isNested) return ts;
      const recorder = recorders.getStore();
      if (recorder && ts !== null) recorder.commitTs = ts;
      const tables = new Set(Object.keys(documents).flatMap((id) => tableOf(id) ?? []));
      if (tables.size > 0) {
        commits++;
        for (const table of tables) lastWrites.set(table, commits);
        outside(() => onCommit({ tables, documents }));
      }
      return ts;
    };
  };
  const hookSyscalls = () => {
    const asyncSyscall = internals.asyncSyscall;
    internals.asyncSyscall = async (op, args) => {
      switch (op) {
        case '1.0/queryPage': {
          const recorder = recorders.getStore();
          const request = JSON.parse(args) as PageRequest;
          const endCursor = request.endCursor ?? parseJournal(recorder?.journal ?? null);
          const page = JSON.parse(await asyncSyscall(op, JSON.stringify({ ...request, endCursor }))) as PageResult;
          const fixed = fixPage(page, endCursor);
          if (recorder) recorder.journal = writeJournal(fixed.continueCursor);
          return JSON.stringify(fixed);
        }
        case '1.0/schedule': {
          // Only the document: who watches the commits starts the timer, so that a rolled-back schedule never fires.
          const job = JSON.parse(args) as { name?: string; functionHandle?: string; args: JSONValue; ts: number };
          const id = database().insert('_scheduled_functions', {
            args: [jsonToConvex(job.args)],
            name: job.name ?? job.functionHandle?.split(';').at(-1) ?? '',
            scheduledTime: job.ts * 1000,
            state: { kind: 'pending' },
          });
          return JSON.stringify(id);
        }
        default:
          return asyncSyscall(op, args);
      }
    };
  };
  // A transaction that is open has the turn: its writes belong to what was before.
  const settle = () => engine.run(() => Promise.resolve());
  start(functions);

  return {
    async load(next) {
      await settle();
      const { _documents, _nextDocId, _lastCreationTime, _storage } = database();
      const { _lastCommitTs } = internals.transactionManager;
      start(next);
      Object.assign(database(), { _documents, _nextDocId, _lastCreationTime, _storage });
      internals.transactionManager._lastCommitTs = _lastCommitTs;
      markAllStale();
    },
    async execute(run, journal = null) {
      const recorder: Recorder = { tables: new Set(), asOf: undefined, commitTs: undefined, journal };
      const footprint = (): Footprint => ({
        tables: recorder.tables,
        asOf: recorder.asOf ?? commits,
        commitTs: recorder.commitTs,
        journal: recorder.journal,
      });
      try {
        const value = await recorders.run(recorder, () => run(engine));
        return { ok: true, value, footprint: footprint() };
      } catch (error) {
        return { ok: false, error, footprint: footprint() };
      }
    },
    isStale: ({ tables, asOf }) =>
      asOf < replacedAt || [...tables].some((table) => (lastWrites.get(table) ?? 0) > asOf),
    latestTs: () => internals.transactionManager._lastCommitTs,
    patch: (id, change) =>
      engine.run(async ({ db }) => {
        const document = (await db.get(id as never)) as StoredDocument | null;
        const fields = document && change(document);
        if (!fields) return false;
        await db.patch(id as never, fields as never);
        return true;
      }),
    read: () => ({
      documents: { ...database()._documents },
      nextDocId: database()._nextDocId,
      lastCreationTime: database()._lastCreationTime,
      files: { ...database()._storage },
    }),
    async restore({ documents, nextDocId, lastCreationTime, files }) {
      await settle();
      const db = database();
      db._documents = { ...documents };
      db._nextDocId = nextDocId;
      db._lastCreationTime = lastCreationTime;
      db._storage = { ...files };
      markAllStale();
    },
  };
}
