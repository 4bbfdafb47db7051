import type { Io } from '../io.ts';
import { main } from '../main.ts';
import type { DoctorOptions } from '../types.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly lines: readonly string[];
}

/** Runs the command in a folder, without a terminal and without the environment of this process. */
export async function run(
  cwd: string,
  argv: readonly string[],
  io: Partial<Io> & { readonly input?: string } = {},
  overrides: Partial<DoctorOptions> = {},
): Promise<Ran> {
  const { input = '', ...rest } = io;
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(
    argv,
    {
      stdout: { write: (text) => out.push(text) },
      stderr: { write: (text) => err.push(text) },
      stdin: (async function* () {
        yield input;
      })(),
      isTTY: false,
      env: {},
      cwd,
      now: () => Date.UTC(2026, 10, 26, 18, 44, 4),
      confirm: () => Promise.reject(new Error('nobody is there to be asked')),
      ...rest,
    },
    overrides,
  );
  return { code, out: out.join(''), err: err.join(''), lines: out.join('').split('\n') };
}
