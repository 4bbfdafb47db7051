import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { defineCommand, renderUsage } from 'citty';
import { onOrphaned } from './cli/onOrphaned.ts';
import { cliArgs, readCliOptions } from './cli/readCliOptions.ts';
import { describeEnvironment, startBoth } from './cli/startBoth.ts';
import { EmulatorError } from './errors.ts';

// The command `clerk-convex-emulators`. What an app's environment needs goes to stdout, everything else to stderr:
// `clerk-convex-emulators > .env.local` does what it says.

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const command = defineCommand({
  meta: {
    name: 'clerk-convex-emulators',
    version,
    description: 'Clerk and Convex on this machine, for tests and demos.',
  },
  args: cliArgs,
});
/** Ctrl-C, `kill`, and a terminal that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const say = (line: string) => void process.stderr.write(`${line}\n`);

async function main(rawArgs: string[]): Promise<void> {
  if (rawArgs.includes('--help') || rawArgs.includes('-h'))
    return void process.stdout.write(`${plainUnlessTerminal(await renderUsage(command))}\n`);
  if (rawArgs.includes('--version')) return void process.stdout.write(`${version}\n`);

  const options = readCliOptions(rawArgs);
  const emulators = await startBoth(options, say);
  process.stdout.write(`${describeEnvironment(emulators).join('\n')}\n`);
  const { clerk, convex } = emulators;
  const [user] = options.clerk.users ?? [{ emailAddress: 'ada@example.com', password: 'correct-horse-battery' }];
  say('');
  say(`Clerk    ${clerk.url}   sign in as ${user?.emailAddress}, password ${user?.password}`);
  say(`Convex   ${convex.url}   HTTP actions on ${convex.siteUrl}`);
  say('Faults   POST to /__emulator/faults on either, DELETE ends them. Ctrl-C stops both.');

  const stop = () => {
    // A second Ctrl-C does not wait.
    for (const signal of signals) process.off(signal, stop);
    emulators.close().then(() => process.exit(0), fail);
  };
  for (const signal of signals) process.on(signal, stop);
  onOrphaned(stop);
}

/** citty colours whatever it is written to. */
function plainUnlessTerminal(text: string): string {
  return process.stdout.isTTY ? text : stripVTControlCharacters(text);
}

function fail(error: unknown): never {
  // A mistake of the reader's has a message; anything else is ours, and needs its stack.
  say(error instanceof EmulatorError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exit(1);
}

main(process.argv.slice(2)).catch(fail);
