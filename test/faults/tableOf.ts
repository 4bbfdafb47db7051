import type { Measures } from './measure.ts';
import type { Row, SideResult } from './Row.ts';
import { sides } from './sides.ts';

const columns = [
  ['out', ({ signedOutMs }) => seconds(signedOutMs)],
  ['stuck', ({ stuck }) => (stuck ? 'yes' : '-')],
  ['recovers', ({ recoveredAfterMs }) => seconds(recoveredAfterMs)],
  ['requests', ({ requests }) => String(requests)],
  ['faulted', ({ faultedRequests }) => String(faultedRequests)],
  ['unmounts', ({ unmounts }) => count(unmounts)],
  ['anonymous', ({ anonymousRuns }) => count(anonymousRuns)],
  ['late', ({ lateTokens }) => count(lateTokens)],
  ['unhandled', ({ unhandledRejections }) => count(unhandledRejections)],
] as const satisfies ReadonlyArray<readonly [string, (measures: Measures) => string]>;

const seconds = (ms: number | null): string =>
  ms === null ? 'never' : ms === 0 ? '-' : `${(ms / 1_000).toFixed(2)} s`;
const count = (n: number): string => (n === 0 ? '-' : String(n));

/** The rows as a table for a terminal: a line per side. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['scenario', 'clerk', 'side', 'outcome', ...columns.map(([name]) => name)];
  const lines = rows.flatMap((row) =>
    sides.flatMap((side) => {
      const result = row.results[side];
      return result ? [[row.scenario.id, String(row.setup.clerk), side, ...cells(result)]] : [];
    }),
  );
  const widths = head.map((_, i) => Math.max(...[head, ...lines].map((line) => line[i]?.length ?? 0)));
  const print = (line: readonly string[]) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [print(head), ...lines.map(print)].join('\n');
}

const cells = (result: SideResult): string[] =>
  result.ok ? [result.outcome, ...columns.map(([, cell]) => cell(result.measures))] : [`error: ${result.error}`];
