import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderOf, wantedIds } from './support/versionIds.ts';

// Before the tests: brings the versions of Next.js and Clerk that `NEXT` asks for, each with a lockfile of its own. They are
// no part of the workspace, as half a gigabyte is much to install for who only wants the demo.

const pnpm = fileURLToPath(new URL('../../node_modules/pnpm/bin/pnpm.cjs', import.meta.url));

export default function installVersions(): void {
  for (const id of wantedIds) {
    const dir = folderOf(id);
    if (existsSync(join(dir, 'node_modules/next/package.json'))) continue;
    console.log(`Installing ${id} …`);
    // None of them needs its install scripts; and the workspace's word that an unknown one fails comes with `pnpm test:next`.
    const install = [pnpm, 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts'];
    const { status } = spawnSync(process.execPath, install, { cwd: dir, stdio: 'inherit' });
    if (status !== 0) throw new Error(`${id} could not be installed: pnpm says why above.`);
  }
}
