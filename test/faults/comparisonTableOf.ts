import { comparisonOf, isProbablySlower } from './comparison.ts';
import type { Row } from './Row.ts';

/** How soon both sides were back, row by row, the slowest of ours first: a line each, for a terminal. */
export function comparisonTableOf(rows: readonly Row[]): string {
  const compared = rows.flatMap((row) => {
    const comparison = comparisonOf(row);
    const isBack = comparison?.plainMs.some((ms) => ms !== null);
    return comparison && isBack ? [{ name: `${row.scenario.id}, clerk-js ${row.setup.clerk}`, comparison }] : [];
  });
  const lines = compared
    .toSorted((a, b) => (b.comparison.ratio ?? 0) - (a.comparison.ratio ?? 0))
    .map(({ name, comparison }) => {
      const { plainMs, resilientMs, ratio, isSlower } = comparison;
      const verdict =
        isSlower && plainMs.length > 1 ? ', slower' : isProbablySlower(comparison) ? ', probably slower' : '';
      return `  ${ratio?.toFixed(2) ?? '   -'}  ${name}: plain ${times(plainMs)}, ours ${times(resilientMs)}${verdict}`;
    });
  return [`Back after, ours to plain, where plain comes back by itself (${compared.length} rows):`, ...lines].join(
    '\n',
  );
}

const times = (all: ReadonlyArray<number | null>): string =>
  all.map((ms) => (ms === null ? 'never' : (ms / 1_000).toFixed(2))).join(' ');
