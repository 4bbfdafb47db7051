import { describeFinding, type Finding, finding } from 'clerk-convex-resilience/diagnosis';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { offlineReason } from '../gather/network/networkSteps.ts';
import { type Io, processIo } from '../io.ts';
import { createProgress } from './createProgress.ts';
import { createTerminal } from './createTerminal.ts';
import { diffLines } from './diffLines.ts';
import { appLines, summaryLine } from './findingLines.ts';
import { counted } from './labels.ts';
import { languages } from './languages.ts';
import { redactDeep } from './redactDeep.ts';
import { wordingOf } from './wordingOf.ts';

const plain = picocolors.createColors(false);
const secret = `sk_live_${'a'.repeat(40)}`;

function open(io: Partial<Io> = {}, color = true) {
  const written: string[] = [];
  const sink = { write: (text: string) => written.push(text) };
  const whole: Io = { ...processIo(), stdout: sink, stderr: sink, isTTY: false, env: {}, ...io };
  return { written, terminal: createTerminal(whole, { color }) };
}

describe('createTerminal', () => {
  it('lets no secret through, on either way', () => {
    const { written, terminal } = open({ isTTY: true });
    terminal.line(`the key ${secret} of ada@example.com`);
    terminal.errorLine(`Bearer ${secret}`);
    terminal.line(`${terminal.colors.cyan(secret)}`);
    terminal.fleeting(`whsec_${'b'.repeat(20)}`);
    terminal.json({ [secret]: [`Bearer ${secret}`] });
    expect(written.join('')).not.toMatch(/aaaa|bbbb|ada@/);
    expect(written[0]).toContain('the key sk_live_… of …');
  });

  it('takes away what was to be overwritten before it tells an error', () => {
    const { written, terminal } = open({ isTTY: true, env: { NO_COLOR: '1' } });
    terminal.fleeting('  … Project');
    terminal.errorLine('There is no package.json.');
    expect(written).toEqual(['  … Project', '\r\u001b[2K', 'There is no package.json.\n']);
  });

  // The name of a file, a line of a log: anybody may have written them.
  it.each([true, false])('lets nothing through that a terminal obeys, but colours (on: %s)', (color) => {
    const hostile = 'a\u001b]0;title\u0007\u001b[2J\u001b[8mb\u009b2J\r\u202ec\u2066\u007f';
    const { written, terminal } = open({ isTTY: true }, color);
    terminal.line(`${terminal.colors.red(hostile)}\n\tnext`);
    terminal.errorLine(hostile);
    terminal.json({ [hostile]: hostile });
    expect(written.at(-1)).not.toMatch(/[^\n\P{Cc}]|[\u202A-\u202E\u2066-\u2069]/u);
    expect(JSON.parse(written.at(-1) ?? '')).toEqual({ [hostile]: hostile });
    const shown = 'a\uFFFD]0;title\uFFFD\uFFFD[2J\uFFFD[8mb\uFFFD2J\uFFFD\uFFFDc\uFFFD\uFFFD';
    const red = color ? '\u001b[31m' : '';
    const end = color ? '\u001b[39m' : '';
    expect(written.slice(0, -1)).toEqual([`${red}${shown}${end}\n\tnext\n`, `${shown}\n`]);
  });

  it('writes JSON that is JSON after it was redacted', () => {
    const { written, terminal } = open();
    terminal.json({ line: 'authorization: Bearer abc', next: 1 });
    expect(JSON.parse(written.join(''))).toEqual({ line: 'authorization: Bearer …', next: 1 });
  });

  it.each<[string, Partial<Io>, boolean, boolean]>([
    ['a terminal', { isTTY: true }, true, true],
    ['a pipe', { isTTY: false }, true, false],
    ['a pipe with FORCE_COLOR', { isTTY: false, env: { FORCE_COLOR: '1' } }, true, true],
    ['a terminal with FORCE_COLOR=0', { isTTY: true, env: { FORCE_COLOR: '0' } }, true, false],
    ['NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, true, false],
    ['an empty NO_COLOR', { isTTY: true, env: { NO_COLOR: '' } }, true, true],
    ['--no-color', { isTTY: true }, false, false],
  ])('colours for %s', (_name, io, color, expected) => {
    expect(open(io, color).terminal.colors.isColorSupported).toBe(expected);
  });
});

describe('createProgress', () => {
  const step = { id: 'clock', group: 'network', title: 'Clock' } as const;

  it('writes a line for each step that is over, and none that is overwritten without a terminal', () => {
    const { written, terminal } = open();
    const tell = createProgress(terminal, 'en');
    tell({ ...step, status: 'started' });
    tell({ ...step, status: 'done', detail: '0.1 s ahead' });
    tell({ ...step, status: 'skipped', detail: '--offline' });
    expect(written).toEqual(['  · Clock  0.1 s ahead\n', '  - Clock  skipped: --offline\n']);
  });

  it.each([
    ['ru', '  - Часы  пропущено: apps/web: офлайн, сеть не опрашивается\n'],
    ['bn', '  - ঘড়ি  বাদ দেওয়া হয়েছে: apps/web: অফলাইন, নেটওয়ার্কে কিছু জিজ্ঞাসা করা হয় না\n'],
  ] as const)('names a step in the language: %s', (language, line) => {
    const { written, terminal } = open();
    createProgress(terminal, language)({ ...step, status: 'skipped', detail: `apps/web: ${offlineReason}` });
    expect(written).toEqual([line]);
  });

  it('shows a person what is being looked at, and takes it away again', () => {
    const { written, terminal } = open({ isTTY: true, env: { NO_COLOR: '1' } });
    const tell = createProgress(terminal, 'en');
    tell({ ...step, status: 'started' });
    tell({ ...step, id: 'dns', title: 'DNS', status: 'started' });
    tell({ ...step, status: 'done' });
    expect(written).toEqual(['  … Clock', '\r\u001b[2K  … Clock, DNS', '\r\u001b[2K  · Clock\n', '  … DNS']);
  });
});

describe('appLines', () => {
  const findings: readonly Finding[] = [
    finding('JWT_TEMPLATE_MISSING', { frontendApi: 'happy-hippo-1.clerk.accounts.dev' }),
    finding('WEBHOOK_SECRET_MISSING', { name: 'CLERK_WEBHOOK_SIGNING_SECRET' }, 'apps/web/.env.local:3'),
    finding('TOKEN_EXPIRED', { seconds: 5 }),
  ];
  const app = { app: 'apps/web', framework: 'next', findings, evidence: {} } as const;

  it('groups by what it is about, with all that a person needs', () => {
    const lines = appLines(app, wordingOf('en'), plain, true);
    const text = lines.join('\n');
    expect(lines[1]).toBe('apps/web (next)');
    expect(lines.filter((line) => /^\S/.test(line))).toEqual([
      'apps/web (next)',
      'The token that Clerk makes',
      'Webhooks',
    ]);
    for (const one of findings) {
      const { title, fix } = describeFinding(one);
      expect(text).toContain(`${title}  ${one.code}`);
      for (const step of fix) expect(text).toContain(step);
      expect(text).toContain(one.docsUrl);
    }
    expect(text).toContain('at        apps/web/.env.local:3');
    expect(text).toMatch(/ {4}seen {6}`happy-hippo-1/);
  });

  it.each(languages)('speaks %s', (language) => {
    const text = appLines(app, wordingOf(language), plain, false).join('\n');
    for (const one of findings) expect(text).toContain(describeFinding(one, language).title);
    expect(text).not.toContain('undefined');
  });

  it('colours what is to be typed in place of its backticks', () => {
    const lines = appLines(app, wordingOf('en'), picocolors.createColors(true), false).join('\n');
    expect(lines).not.toContain('`');
    expect(lines).toContain('\u001b[36mhappy-hippo-1');
  });

  it('counts in words', () => {
    expect(summaryLine(findings, 'en', plain)).toBe('2 errors, 1 warning');
    expect(summaryLine([], 'en', plain)).toBe('Nothing is wrong.');
    expect([1, 2, 5].map((count) => counted('ru', 'error', count))).toEqual(['1 ошибка', '2 ошибки', '5 ошибок']);
    expect(counted('bn', 'error', 2)).toBe('২টি ত্রুটি');
  });
});

describe('diffLines', () => {
  it('shows a change as a patch', () => {
    const lines = diffLines({ file: 'convex/schema.ts', before: 'a\nb\n', after: 'a\nc\nb\n', codes: [] }, plain);
    expect(lines).toEqual(['--- a/convex/schema.ts', '+++ b/convex/schema.ts', '@@ -1,2 +1,3 @@', ' a', '+c', ' b']);
  });

  it.each(['PASSWORD=hunter2\n', 'PASSWORD=hunter2', 'A=1\r\nPASSWORD=hunter2'])(
    'shows of an env file only what is new: %j',
    (before) => {
      // As fixEnvNames puts it behind what is there.
      const end = before.includes('\r\n') ? '\r\n' : '\n';
      const after = `${before}${end}# a comment${end}NAME=${end}`;
      const text = diffLines({ file: 'apps/web/.env.local', before, after, codes: [] }, plain).join('\n');
      expect(text).toContain('+NAME=');
      expect(text).not.toContain('hunter2');
    },
  );
});

it('redacts names and values however deep they are', () => {
  expect(redactDeep({ a: [{ [secret]: secret }], n: null, t: true })).toEqual({
    a: [{ 'sk_live_…': 'sk_live_…' }],
    n: null,
    t: true,
  });
});
