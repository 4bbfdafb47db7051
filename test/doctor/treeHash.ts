import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One digest of everything in a folder: names, kinds, contents, and when each was written. Links are not followed. */
export function treeHash(root: string): string {
  const hash = createHash('sha256');
  const visit = (path: string, name: string): void => {
    const stats = lstatSync(path);
    const kind = stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other';
    hash.update(`${kind} ${name} ${stats.mtimeMs}\0`);
    if (kind === 'file') hash.update(readFileSync(path));
    if (kind === 'link') hash.update(readlinkSync(path));
    if (kind !== 'folder') return;
    for (const entry of readdirSync(path).sort()) visit(join(path, entry), `${name}/${entry}`);
  };
  visit(root, '');
  return hash.digest('hex');
}
