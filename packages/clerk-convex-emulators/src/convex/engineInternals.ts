import { AsyncLocalStorage } from 'node:async_hooks';
import type { GenericDataModel } from 'convex/server';
import type { TestConvexForDataModel } from 'convex-test';

/** A stored document. */
export type StoredDocument = Readonly<Record<string, unknown>> & {
  readonly _id: string;
  readonly _creationTime: number;
};

/** What we use of convex-test's insides (dist/index.js, 0.0.60, pinned): it offers no hook for reads, commits or state. */
interface EngineDatabase {
  _documents: Record<string, StoredDocument>;
  _storage: Record<string, Blob>;
  _nextDocId: number;
  _lastCreationTime: number;
  /** Open transactions, outermost first: id to new value, null for a deletion. */
  readonly _writes: ReadonlyArray<Readonly<Record<string, StoredDocument | null>>>;
  get(table: string | undefined, id: string): unknown;
  _iterateDocs(table: string, callback: (document: StoredDocument) => void): void;
  insert(table: string, value: Readonly<Record<string, unknown>>): string;
}

export interface EngineInternals {
  readonly components: { readonly ''?: { readonly db: EngineDatabase } };
  readonly transactionManager: { _lastCommitTs: bigint; commit(isNested: boolean): bigint | null };
  asyncSyscall(op: string, args: string): Promise<string>;
}

export type Engine = TestConvexForDataModel<GenericDataModel>;

/** The state behind an engine: convex-test hands it to an AsyncLocalStorage at the start of each call. */
export function reachInternals(engine: Engine): EngineInternals {
  const seen: unknown[] = [];
  const { run } = AsyncLocalStorage.prototype;
  AsyncLocalStorage.prototype.run = function spy(this: AsyncLocalStorage<unknown>, store: unknown) {
    seen.push(store);
    return undefined;
  } as typeof run;
  try {
    // Synchronous as far as the spy, which does not go on: nothing runs.
    void engine.run(() => Promise.resolve());
  } finally {
    AsyncLocalStorage.prototype.run = run;
  }
  const internals = seen.find(isInternals);
  if (!internals) {
    throw new Error(
      'This convex-test keeps its state elsewhere. Install the version that clerk-convex-emulators asks for.',
    );
  }
  return internals;
}

function isInternals(value: unknown): value is EngineInternals {
  const candidate = value as Partial<EngineInternals> | null | undefined;
  return (
    typeof candidate?.asyncSyscall === 'function' &&
    typeof candidate.transactionManager?.commit === 'function' &&
    typeof candidate.components?.['']?.db._iterateDocs === 'function'
  );
}

/** The table of a document's id, which convex-test writes as digits and the table's name. */
export function tableOf(id: string): string | undefined {
  return /^\d+(\D.*)$/s.exec(id)?.[1];
}
