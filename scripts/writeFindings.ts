// Writes docs/findings/ from the findings' prose: `pnpm docs:findings`. With --check it only compares.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findingPages } from './findingPages.ts';

const folder = fileURLToPath(new URL('../docs/findings', import.meta.url));
const flags = process.argv.slice(2);
const unknown = flags.find((flag) => flag !== '--check');

if (unknown !== undefined) {
  console.error(`There is no option ${unknown}. Run \`pnpm docs:findings\`, or \`pnpm docs:findings --check\`.`);
  process.exitCode = 2;
} else {
  mkdirSync(folder, { recursive: true });
  const pages = findingPages();
  const stale = readdirSync(folder).filter((file) => !(file in pages));
  const changed = Object.keys(pages).filter((file) => read(file) !== pages[file]);
  if (flags.includes('--check')) check([...changed, ...stale]);
  else {
    for (const file of stale) rmSync(join(folder, file));
    for (const file of changed) writeFileSync(join(folder, file), pages[file] ?? '');
    console.log(
      `docs/findings: ${changed.length} written, ${stale.length} removed, ${Object.keys(pages).length} in all.`,
    );
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return undefined;
  }
}

function check(different: readonly string[]): void {
  if (different.length === 0) return;
  console.error(`docs/findings is not what the prose says: ${different.join(', ')}.\nRun \`pnpm docs:findings\`.`);
  process.exitCode = 1;
}
