import type { AuthState, PageRecord } from './page/bridge.ts';

/** Where the page stands: loading, until it says something else. */
export function lastStateOf(records: readonly PageRecord[]): AuthState {
  const last = records.findLast(({ kind }) => kind === 'auth' || kind === 'load');
  return last?.kind === 'auth' ? last.state : 'loading';
}
