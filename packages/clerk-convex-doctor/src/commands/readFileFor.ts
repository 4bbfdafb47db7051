import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CannotRun, faultOf } from '../cannotRun.ts';
import { type Io, readAll } from '../io.ts';

/** A longer log has to be cut first, in bytes. */
const limit = 256 * 1_048_576;

/** The text of a file that an option names; `-` is what comes in on stdin. */
export async function readFileFor(option: string, given: string, io: Io): Promise<string> {
  if (given === '-') return readAll(io.stdin);
  const stats = await stat(resolve(io.cwd, given)).catch(() => undefined);
  if (stats && !stats.isFile() && !stats.isFIFO()) {
    throw new CannotRun(`"${given}" is no file that ends, and ${option} takes one.`);
  }
  if (stats && stats.size > limit) {
    throw new CannotRun(`"${given}" for ${option} is longer than 256 MiB: cut out the part that matters.`);
  }
  try {
    return await readFile(resolve(io.cwd, given), 'utf8');
  } catch (error) {
    throw new CannotRun(`Could not read "${given}" for ${option}: ${faultOf(error)}.`);
  }
}
