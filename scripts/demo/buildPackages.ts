import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DemoError } from './readOptions.ts';

/** Builds those of the packages whose `dist` is missing or older than their sources. */
export async function buildPackages(
  root: string,
  names: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  for (const name of names) {
    const dir = join(root, 'packages', name);
    if (isFresh(dir)) continue;
    say(`Building ${name} …`);
    await run(join(root, 'node_modules/.bin/tsup'), ['--config', '../../tsup.config.ts', '--silent'], dir, name);
  }
}

function isFresh(dir: string): boolean {
  const built = join(dir, 'dist/index.js');
  const typed = join(dir, 'dist/index.d.ts');
  if (!existsSync(built) || !existsSync(typed)) return false;
  const sources = files(join(dir, 'src')).filter((file) => !file.includes('.test.'));
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  return statSync(built).mtimeMs >= newest;
}

const files = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const run = (command: string, args: string[], cwd: string, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new DemoError(`${name} does not build: see what tsup says above.`)),
    );
  });
