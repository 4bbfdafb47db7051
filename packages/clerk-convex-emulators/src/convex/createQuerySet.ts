import type { FunctionOutcome } from './executeFunction.ts';
import type { AddQuery, QuerySetModification, StateModification } from './protocol.ts';

/** The queries of one socket. */
export interface QuerySet {
  /** Takes the client's changes. */
  apply(modifications: readonly QuerySetModification[]): void;
  /** Runs the queries that are new, stale, or ran under another identity, until all results are of one moment. */
  refresh(
    identityVersion: number,
    run: (add: AddQuery, journal: string | null) => Promise<FunctionOutcome>,
  ): Promise<void>;
  /** What the client has not been told yet. */
  takeNews(): StateModification[];
  /** Whether a commit touched what one of them read. */
  isStale(): boolean;
}

interface LiveQuery {
  readonly add: AddQuery;
  /** Where its page ends: given by the client, and fixed by the first run. */
  journal: string | null;
  outcome: FunctionOutcome | undefined;
  /** Identity version that it ran under. */
  identityVersion: number | undefined;
  /** What the client has, to compare. */
  told: string | undefined;
}

/** Rounds of runs in one transition, should commits never stop. */
const mostRounds = 20;

/** Makes an empty one. */
export function createQuerySet(isOutdated: (outcome: FunctionOutcome) => boolean): QuerySet {
  const queries = new Map<number, LiveQuery>();
  const removed: StateModification[] = [];
  const isStale = (query: LiveQuery) => query.outcome === undefined || isOutdated(query.outcome);
  return {
    apply(modifications) {
      for (const modification of modifications) {
        const { queryId } = modification;
        if (modification.type === 'Add') {
          if (queries.has(queryId)) throw new Error(`Duplicate query ID: ${queryId}`);
          const journal = modification.journal ?? null;
          queries.set(queryId, {
            add: modification,
            journal,
            outcome: undefined,
            identityVersion: undefined,
            told: undefined,
          });
        } else {
          if (!queries.delete(queryId)) throw new Error(`Nonexistent query id: ${queryId}`);
          removed.push({ type: 'QueryRemoved', queryId });
        }
      }
    },
    async refresh(identityVersion, run) {
      for (let round = 0; round < mostRounds; round++) {
        const due = [...queries.values()].filter(
          (query) => isStale(query) || query.identityVersion !== identityVersion,
        );
        if (due.length === 0) return;
        await Promise.all(
          due.map(async (query) => {
            query.outcome = await run(query.add, query.journal);
            query.journal = query.outcome.footprint.journal;
            query.identityVersion = identityVersion;
          }),
        );
      }
    },
    takeNews() {
      return [...removed.splice(0), ...[...queries.values()].flatMap((query) => describeNews(query) ?? [])];
    },
    isStale: () => [...queries.values()].some((query) => query.outcome !== undefined && isStale(query)),
  };
}

function describeNews(query: LiveQuery): StateModification | undefined {
  const { outcome, journal } = query;
  if (!outcome) return undefined;
  const { queryId } = query.add;
  const { logLines } = outcome;
  const news: StateModification = outcome.ok
    ? { type: 'QueryUpdated', queryId, value: outcome.value, logLines, journal }
    : {
        type: 'QueryFailed',
        queryId,
        errorMessage: outcome.message,
        ...(outcome.errorData !== undefined && { errorData: outcome.errorData }),
        logLines,
        journal,
      };
  // A request id differs from run to run, and a journal alone is no news (crates/sync/src/state.rs, `complete_fetch`).
  const told = JSON.stringify({ ...news, journal: null }).replace(/\[Request ID: \w+\]/, '');
  if (told === query.told) return undefined;
  query.told = told;
  return news;
}
