import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Side } from '../../next/support/prepareApp.ts';
import { root } from './entries.ts';

/** First-load JS of a page in bytes, gzipped, as docs/next-weight.md has it. */
export async function recordedWeights(page: string): Promise<Readonly<Record<Side, number>>> {
  const text = await readFile(join(root, 'docs/next-weight.md'), 'utf8');
  const [, plain, ours] =
    new RegExp(`^\\| first-load JS of \`${page}\`, gzip \\| (\\S+) kB \\| (\\S+) kB`, 'm').exec(text) ?? [];
  return { plain: Number(plain) * 1000, ours: Number(ours) * 1000 };
}
