import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// The typed rules, each on a line that breaks it, and on one that does not.
const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const lines = {
  floating: 'later();',
  misused: 'if (later()) throw new Error();',
  attribute: '[1].forEach(async () => {});',
  thenable: 'await 1;',
  thrown: "throw 'text';",
  fine: 'await later();',
};

test('a promise that nobody waits for is refused, and so is what is none', () => {
  const dir = mkdtempSync(join(tmpdir(), 'promises-'));
  try {
    writeFileSync(
      join(dir, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', module: 'esnext', types: [] } }),
    );
    for (const [name, line] of Object.entries(lines)) {
      writeFileSync(
        join(dir, `${name}.ts`),
        `declare function later(): Promise<void>;\nexport async function use(): Promise<void> {\n  await later();\n  ${line}\n}\n`,
      );
    }
    let said = '';
    try {
      execFileSync(
        path('node_modules/.bin/oxlint'),
        ['--type-aware', '-c', path('.oxlintrc.json'), '-f', 'unix', '.'],
        {
          cwd: dir,
          encoding: 'utf8',
        },
      );
    } catch (error) {
      said = String((error as { stdout?: string }).stdout);
    }
    const found = [...said.matchAll(/(\w+)\.ts:\d+:\d+: .*?\(([\w-]+)\)\]/g)].map(
      ([, file, rule]) => `${file}: ${rule}`,
    );
    expect(found.toSorted(), said).toEqual([
      'attribute: no-misused-promises',
      'floating: no-floating-promises',
      'misused: no-misused-promises',
      'thenable: await-thenable',
      'thrown: only-throw-error',
    ]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
