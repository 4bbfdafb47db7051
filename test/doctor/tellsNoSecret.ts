import { describeFinding, type Finding, type FindingLanguage } from 'clerk-convex-resilience/diagnosis';
import { expect } from 'vitest';
import * as instance from './projects/instance.ts';

export const secrets = [instance.secretKey, instance.webhookSecret];

/** No finding holds what is secret, nor do its words in any language. */
export function tellsNoSecret(findings: readonly Finding[], told: readonly string[] = secrets): void {
  for (const finding of findings) {
    for (const language of ['en', 'ru', 'bn'] satisfies FindingLanguage[]) {
      const text = JSON.stringify([finding, describeFinding(finding, language)]);
      for (const secret of told) expect(text).not.toContain(secret);
    }
  }
}
