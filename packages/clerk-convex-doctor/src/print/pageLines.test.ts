import { readFileSync } from 'node:fs';
import { describeFinding, finding, findingCodes } from 'clerk-convex-resilience/diagnosis';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { languages } from './languages.ts';
import { pageLines } from './pageLines.ts';

const plain = picocolors.createColors(false);
const page = (code: string): string =>
  readFileSync(new URL(`../../../../docs/findings/${code}.md`, import.meta.url), 'utf8');

describe('pageLines', () => {
  it.each(findingCodes)('shows the page of %s as plain text', (code) => {
    const lines = pageLines(page(code), 'en', plain);
    expect(lines[0]).toBe(code);
    expect(lines.join('\n')).not.toMatch(/^#|\*\*|<\/?(?:details|summary)|```|\]\(|-->|In other languages/m);
    for (const part of ['Symptom', 'Cause', 'Fix', 'How to verify']) expect(lines).toContain(part);
  });

  it.each(languages)('has the words of %s first', (language) => {
    const [title = '', ...rest] = pageLines(page('JWT_TEMPLATE_MISSING'), language, plain);
    expect(title).toBe('JWT_TEMPLATE_MISSING');
    const words = describeFinding(finding('JWT_TEMPLATE_MISSING', {}), language);
    expect(rest.find((line) => line !== '')).toContain(words.title);
    expect(rest.join('\n')).toContain(words.fix[0]);
  });
});
