import type { AuthEventBody } from '../core/events.ts';
import type { AuthLogger } from '../core/milestones.ts';
import { describeWith } from '../diagnosis/describeFinding.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';

/** Where what was found is told. */
export interface Teller {
  readonly report: (event: AuthEventBody) => void;
  readonly logger: () => Pick<AuthLogger, 'info' | 'warn' | 'error'>;
  /** What the app says of who looks at it. */
  readonly development: () => boolean | undefined;
}

const levels = { error: 'error', warning: 'warn', info: 'info' } as const;

/**
 * Tells of what is new among the findings: an event with the codes, and a line for each. The line says what is wrong;
 * of a redacted one it is the code alone, because anybody can read a console. `signal`: no line any more.
 */
export function tellOf(
  { report, logger }: Pick<Teller, 'report' | 'logger'>,
  found: readonly ReportedFinding[],
  before: readonly ReportedFinding[],
  signal?: AbortSignal,
): void {
  const isNew = ({ code }: ReportedFinding, at: number): boolean =>
    found.findIndex((other) => other.code === code) === at && !before.some((other) => other.code === code);
  const news = found.filter(isNew);
  if (news.length === 0) return;
  report({ type: 'misconfiguration_found', codes: news.map(({ code }) => code) });
  void lines(news)
    .then((lineOf) => {
      if (signal?.aborted) return;
      for (const finding of news) logger()[levels[finding.severity]](`[clerk-convex-resilience] ${lineOf(finding)}`);
    })
    .catch(() => {}); // a logger of the app's own may throw
}

/** How a finding is said in one line. The words are loaded where there is something to be said with them. */
async function lines(news: readonly ReportedFinding[]): Promise<(finding: ReportedFinding) => string> {
  if (news.every(({ args }) => !args)) return ({ code }) => code;
  const { en } = await import('../diagnosis/prose/en.ts');
  return (finding) =>
    finding.args
      ? `${finding.code}: ${describeWith(en, finding).title.replace(/\.$/, '')}. ${finding.docsUrl}`
      : finding.code;
}
