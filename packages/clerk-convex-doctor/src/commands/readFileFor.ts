import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CannotRun, faultOf } from '../cannotRun.ts';
import { type Io, readAll } from '../io.ts';

/** The text of a file that an option names; `-` is what comes in on stdin. */
export async function readFileFor(option: string, given: string, io: Io): Promise<string> {
  if (given === '-') return readAll(io.stdin);
  try {
    return await readFile(resolve(io.cwd, given), 'utf8');
  } catch (error) {
    throw new CannotRun(`Could not read "${given}" for ${option}: ${faultOf(error)}.`);
  }
}
