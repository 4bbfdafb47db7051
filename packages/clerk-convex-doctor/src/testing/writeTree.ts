import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Paths with `/`, each with the text of the file; what is no text is written as JSON. */
export type Tree = Readonly<Record<string, unknown>>;

const roots = new Set<string>();

/**
 * Writes files into a new folder outside of every repository, and returns the folder's path. The folder goes when the
 * process ends, or with `removeTrees()`.
 */
export async function writeTree(tree: Tree): Promise<string> {
  if (roots.size === 0) process.once('exit', removeNow);
  // macOS: the folder for temporary files is a link.
  const root = await realpath(await mkdtemp(join(tmpdir(), 'doctor-')));
  roots.add(root);
  await addFiles(root, tree);
  return root;
}

/** Writes more files into a folder that is there. */
export async function addFiles(root: string, tree: Tree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** Removes every folder that `writeTree` made. For `afterAll`. */
export async function removeTrees(): Promise<void> {
  for (const root of roots) await rm(root, { recursive: true, force: true });
  roots.clear();
}

function removeNow(): void {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
}
