import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Below node_modules, so that `convex/server` resolves and git does not see it.
const cache = fileURLToPath(new URL('../../../node_modules/.cache/convex-folders/', import.meta.url));

/** Writes an app's `convex/` folder; `write` changes files, `remove` takes it away. */
export async function writeConvexFolder(files: Readonly<Record<string, string>>) {
  await mkdir(cache, { recursive: true });
  const app = await mkdtemp(join(cache, 'app-'));
  const dir = join(app, 'convex');
  const write = async (changed: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(changed)) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), text);
    }
  };
  await mkdir(dir);
  await write(files);
  return { app, dir, write, remove: () => rm(app, { recursive: true, force: true }) };
}
