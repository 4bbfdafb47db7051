import type { Finding, ReportedFinding } from '../diagnosis/findings.ts';
import { isDevelopment } from './isDevelopment.ts';

/**
 * The findings as an app gets them. In production each code once, and nothing of what was seen or expected: whatever the app
 * does with them, a visitor may see it. `development`: what the app says of itself.
 */
export const reported = (findings: readonly Finding[], development: boolean | undefined): readonly ReportedFinding[] =>
  (development ?? isDevelopment())
    ? findings
    : findings
        .filter(({ code }, at) => findings.findIndex((other) => other.code === code) === at)
        .map(({ code, severity, docsUrl }) => ({ code, severity, docsUrl }));
