import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a command; what it printed is in the error when it fails. */
export async function run(command: string, ...args: readonly string[]): Promise<string> {
  try {
    return (await execute(command, args)).stdout;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Error(`${command} ${args.join(' ')}: ${stderr.trim() || message}`);
  }
}
