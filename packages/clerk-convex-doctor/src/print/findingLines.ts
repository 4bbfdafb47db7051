import type { Finding, FindingSeverity, FindingText } from 'clerk-convex-resilience/diagnosis';
import { type Group, groupOf, groups } from '../groups.ts';
import type { AppReport } from '../types.ts';
import type { Colors } from './createTerminal.ts';
import { counted, labels } from './labels.ts';
import type { Language } from './languages.ts';

/** How findings are put into words. */
export interface Wording {
  readonly language: Language;
  readonly describe: (finding: Finding) => FindingText;
}

const severities: readonly FindingSeverity[] = ['error', 'warning', 'info'];
const marks: Readonly<Record<FindingSeverity, string>> = { error: '✗', warning: '!', info: 'i' };
const paint = (colors: Colors, severity: FindingSeverity): ((text: string) => string) =>
  ({ error: colors.red, warning: colors.yellow, info: colors.blue })[severity];

/** The findings of an app, by group, in the order of the catalogue; the worst of a group first, as `diagnose` sorts them. */
export function appLines(report: AppReport, wording: Wording, colors: Colors, showsApp: boolean): readonly string[] {
  const byGroup = groups
    .map((group) => [group, report.findings.filter((finding) => groupOf(finding) === group)] as const)
    .filter(([, findings]) => findings.length > 0);
  const heading = showsApp && byGroup.length > 0 ? ['', colors.bold(`${report.app} (${report.framework})`)] : [];
  return [...heading, ...byGroup.flatMap(([group, findings]) => groupLines(group, findings, wording, colors))];
}

const groupLines = (
  group: Group,
  findings: readonly Finding[],
  wording: Wording,
  colors: Colors,
): readonly string[] => [
  '',
  colors.bold(colors.underline(labels[wording.language].groups[group])),
  ...findings.flatMap((finding) => findingLines(finding, wording, colors)),
];

export function findingLines(finding: Finding, { language, describe }: Wording, colors: Colors): readonly string[] {
  const { title, seen, expected, fix } = describe(finding);
  const words = labels[language];
  const width =
    Math.max(...[words.seen, words.expected, words.fix, words.at, words.docs].map((word) => word.length)) + 2;
  const row = (label: string, text: string): string => `    ${colors.dim(label.padEnd(width))}${text}`;
  const color = paint(colors, finding.severity);
  return [
    `  ${color(marks[finding.severity])} ${withCode(title, colors)}  ${colors.dim(finding.code)}`,
    ...(seen === undefined ? [] : [row(words.seen, withCode(seen, colors))]),
    ...(expected === undefined ? [] : [row(words.expected, withCode(expected, colors))]),
    ...fix.map((step, index) =>
      row(index === 0 ? words.fix : '', `${fix.length > 1 ? `${index + 1}. ` : ''}${withCode(step, colors)}`),
    ),
    ...(finding.at === undefined ? [] : [row(words.at, finding.at)]),
    row(words.docs, colors.dim(finding.docsUrl)),
  ];
}

/** What stands between backticks is coloured; without colours it keeps them. */
const withCode = (text: string, colors: Colors): string =>
  colors.isColorSupported ? text.replaceAll(/`([^`]+)`/g, (_, code: string) => colors.cyan(code)) : text;

/** `2 errors, 1 warning`; of nothing: that nothing is wrong. `leftOut`: how many `--ignore` left out. */
export function summaryLine(findings: readonly Finding[], language: Language, colors: Colors, leftOut = 0): string {
  const parts = severities
    .map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => paint(colors, severity)(counted(language, severity, count)));
  const sum = parts.length > 0 ? parts.join(', ') : colors.green(labels[language].clean);
  if (leftOut === 0) return sum;
  const count = new Intl.NumberFormat(language).format(leftOut);
  return `${sum} ${colors.dim(`(${labels[language].leftOut.replace('{n}', count)})`)}`;
}
