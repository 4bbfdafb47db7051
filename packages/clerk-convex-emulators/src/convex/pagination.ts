/** `ctx.db.query(...).paginate(...)` as it crosses the engine (convex/src/server/impl/query_impl.ts, 1.48). */
export interface PageRequest {
  readonly endCursor?: string | null;
}

export interface PageResult {
  readonly continueCursor: string;
  readonly isDone: boolean;
}

const endOfTable = '_end_cursor';

/**
 * The journal of a query: where its page ended. It goes to the client and back with each run, so that a page that runs
 * again ends where it ended, however many documents came between.
 */
export const writeJournal = (continueCursor: string): string => JSON.stringify({ end_cursor: continueCursor });

export function parseJournal(journal: string | null): string | null {
  if (journal === null) return null;
  try {
    const { end_cursor: cursor } = JSON.parse(journal) as { end_cursor?: unknown };
    return typeof cursor === 'string' ? cursor : null;
  } catch {
    return null;
  }
}

/** A page with a given end goes on where it ends, even when the document there is gone (convex-test 0.0.60 would call it done). */
export function fixPage(page: PageResult, endCursor: string | null): PageResult {
  return endCursor === null ? page : { ...page, continueCursor: endCursor, isDone: endCursor === endOfTable };
}
