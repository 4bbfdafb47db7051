import type { AuthEventBody } from '../core/events.ts';
import type { AuthLogger } from '../core/milestones.ts';
import { describeWith } from '../diagnosis/describeFinding.ts';
import type { Finding } from '../diagnosis/findings.ts';
import { isDevelopment } from './isDevelopment.ts';

/** Where what was found is told. */
export interface Teller {
  readonly report: (event: AuthEventBody) => void;
  readonly logger: () => Pick<AuthLogger, 'info' | 'warn' | 'error'>;
}

const levels = { error: 'error', warning: 'warn', info: 'info' } as const;

/**
 * Tells of what is new among the findings: an event with the codes, and a line for each. In development the line says what
 * is wrong; in production it is the code alone, because anybody can read a console. `signal`: no line any more.
 */
export function tellOf(
  { report, logger }: Teller,
  found: readonly Finding[],
  before: readonly Finding[],
  signal?: AbortSignal,
): void {
  const isNew = ({ code }: Finding, at: number): boolean =>
    found.findIndex((other) => other.code === code) === at && !before.some((other) => other.code === code);
  const news = found.filter(isNew);
  if (news.length === 0) return;
  report({ type: 'misconfiguration_found', codes: news.map(({ code }) => code) });
  void lines()
    .then((lineOf) => {
      if (signal?.aborted) return;
      for (const finding of news) logger()[levels[finding.severity]](`[clerk-convex-resilience] ${lineOf(finding)}`);
    })
    .catch(() => {}); // a logger of the app's own may throw
}

/** How a finding is said in one line. The words are loaded in development only. */
async function lines(): Promise<(finding: Finding) => string> {
  const bare = ({ code }: Finding): string => code;
  if (!isDevelopment()) return bare;
  const { en } = await import('../diagnosis/prose/en.ts');
  return (finding) => `${finding.code}: ${describeWith(en, finding).title.replace(/\.$/, '')}. ${finding.docsUrl}`;
}
