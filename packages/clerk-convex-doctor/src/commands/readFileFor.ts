import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { CannotRun, faultOf } from '../cannotRun.ts';
import { type Io, readAll } from '../io.ts';

/** The text of a file that an option names, or of a pipe; `-` is what comes in on stdin. */
export async function readFileFor(option: string, given: string, io: Io): Promise<string> {
  let text: string | null;
  try {
    text = await readAll(given === '-' ? io.stdin : createReadStream(resolve(io.cwd, given)));
  } catch (error) {
    throw new CannotRun(`Could not read "${given}" for ${option}: ${faultOf(error)}.`);
  }
  if (text === null) throw new CannotRun(`What ${option} reads is longer than 64 MiB: cut out the part that matters.`);
  return text;
}
