import type { FunctionOutcome } from './executeFunction.ts';
import type { AddQuery, StateModification } from './protocol.ts';

/** A query of a socket, and what its client was last told. */
export interface LiveQuery {
  readonly add: AddQuery;
  outcome: FunctionOutcome | undefined;
  journal: string | null;
  /** Identity version that it ran under. */
  identityVersion: number;
  /** What the client has, to compare. */
  told: string | undefined;
}

export function createLiveQuery(add: AddQuery): LiveQuery {
  return { add, outcome: undefined, journal: add.journal ?? null, identityVersion: -1, told: undefined };
}

/** What to tell the client of a query that has run; undefined when it is what the client has. */
export function describeResult(query: LiveQuery): StateModification | undefined {
  const { outcome, journal } = query;
  if (!outcome) return undefined;
  const { queryId } = query.add;
  const { logLines } = outcome;
  const modification: StateModification = outcome.ok
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
  const told = JSON.stringify({ ...modification, journal: null }).replace(/\[Request ID: \w+\]/, '');
  if (told === query.told) return undefined;
  query.told = told;
  return modification;
}
