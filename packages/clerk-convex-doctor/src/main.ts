import { Command, CommanderError, Option } from 'commander';
import { CannotRun } from './cannotRun.ts';
import { backup } from './commands/backup.ts';
import { check } from './commands/check.ts';
import { explain } from './commands/explain.ts';
import { report } from './commands/report.ts';
import type { Call, Flags } from './commands/settings.ts';
import { token } from './commands/token.ts';
import { type Io, processIo } from './io.ts';
import { createTerminal } from './print/createTerminal.ts';
import type { JsonFailure } from './print/jsonReport.ts';
import { languages } from './print/languages.ts';
import type { DoctorOptions } from './types.ts';
import { doctorVersion } from './version.ts';

/**
 * Runs the command, and answers its exit code: 0 clean or warnings, 1 errors, 2 could not run. Never ends the process.
 * `overrides` is for a program that calls it: endpoints, timeouts.
 */
export async function main(
  argv: readonly string[],
  io: Partial<Io> = {},
  overrides: Partial<DoctorOptions> = {},
): Promise<number> {
  const own = processIo();
  const whole: Io = { ...own, ...io, canAsk: io.canAsk ?? io.isTTY ?? own.canAsk };
  // Before the options are read, an option that is wrong has to be told somehow.
  const isPlain = argv.includes('--no-color');
  const terminal = createTerminal(whole, { color: !isPlain });
  let exitCode = 0;
  const program = build(
    async (flags, run) => {
      exitCode = await run({ io: whole, flags, terminal, overrides });
    },
    (text) => terminal.line(text.trimEnd()),
    !isPlain,
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const message = messageOf(error, program, argv);
    if (argv.includes('--json')) {
      terminal.json({ schemaVersion: 1, exitCode: 2, error: { message } } satisfies JsonFailure);
    } else {
      terminal.errorLine(message);
    }
    return 2;
  }
}

type Runner = (flags: Flags, run: (call: Call) => Promise<number>) => Promise<void>;

function build(runner: Runner, print: (text: string) => void, hasColors: boolean): Command {
  const program = new Command('clerk-convex-doctor');
  program
    .description('Finds what is wrong with an app on Clerk and Convex, names it, and says how to mend it.')
    .version(doctorVersion())
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: print,
      // What was wrong is told once, by `main`.
      outputError: () => undefined,
      getOutHasColors: () => hasColors,
    })
    .enablePositionalOptions()
    .addOption(options.json())
    .option('--quiet', 'findings only: no progress, no summary')
    .option('--only <names...>', 'steps, groups of findings or codes; with commas or spaces')
    .option('--ignore <codes...>', 'leaves these findings out; with commas or spaces')
    .addOption(options.strict())
    .addOption(options.log())
    .option('--watch', 'runs again after each change')
    .option('--fix', 'writes what is safe, after showing it and asking')
    .addOption(options.yes());
  for (const option of gathering()) program.addOption(option);
  for (const option of speaking()) program.addOption(option);
  program.addHelpText(
    'after',
    '\nExit code: 0 clean or warnings, 1 errors (with --strict also warnings), 2 could not run.\nNothing is written without --fix. Secrets are never printed.',
  );
  program.action((flags: Flags) => runner(flags, check));

  const command = (name: string, description: string, own: readonly Option[]): Command => {
    const made = program.command(name).description(description);
    for (const option of own) made.addOption(option);
    return made;
  };
  const flagsOf = (made: Command): Flags => {
    refuseForeign(program, made);
    return made.optsWithGlobals();
  };

  command('token', 'judges a JWT, claim by claim; `-` or no argument: from stdin', [
    ...reading(),
    ...speaking(),
    options.json(),
    options.strict(),
  ])
    .argument('[jwt]', 'the token; it is not printed')
    .action((jwt: string | undefined, _flags: Flags, made: Command) =>
      runner(flagsOf(made), (call) => token(call, jwt)),
    );

  command('report', 'one redacted bundle to attach to an issue; explains a reference from production', [
    ...gathering(),
    ...speaking(),
    options.log(),
    new Option('--events <file>', "the devtools panel's export, or events in JSON"),
    new Option('--token <jwt>', 'adds the claims of a token, without the token; `-`: from stdin'),
    new Option('--output <file>', 'where to write it, instead of stdout'),
  ])
    .argument('[reference...]', 'what the notice in the app shows: JWT_TEMPLATE_MISSING 20261126T1844Z')
    .action((words: string[], _flags: Flags, made: Command) => runner(flagsOf(made), (call) => report(call, words)));

  command('backup', 'dated copies of the env files, out of reach of git', [
    ...placing(),
    ...speaking(),
    new Option('--list', 'lists the copies'),
    new Option('--restore <date>', 'puts the files of a date back, or of `latest`'),
    new Option('--to <folder>', 'folder of the copies'),
    options.yes(),
  ]).action((_flags: Flags, made: Command) => runner(flagsOf(made), backup));

  command('explain', 'the catalogue page of a finding', speaking())
    .argument('[code]', 'as JWT_TEMPLATE_MISSING; without one: all codes')
    .action((code: string | undefined, _flags: Flags, made: Command) =>
      runner(flagsOf(made), (call) => explain(call, code)),
    );
  // Commander has it by itself only where the program does nothing without a command.
  program.helpCommand('help [command]', 'the same as --help');
  return program;
}

// Each option is made anew for each command that takes it: commander writes on them.
const options = {
  json: () => new Option('--json', 'prints one JSON document, and nothing else, to stdout'),
  strict: () => new Option('--strict', 'warnings count as errors'),
  log: () => new Option('--log <file>', 'reads a log too: of the browser, a server or Convex; `-`: stdin'),
  yes: () => new Option('--yes', 'answers yes to what would be asked'),
};
const placing = (): readonly Option[] => [new Option('--cwd <folder>', 'folder of the project (default: this one)')];
const reading = (): readonly Option[] => [
  ...placing(),
  new Option('--env-file <file>', "reads this env file in place of the app's own"),
  new Option('--offline', 'asks nothing of the network'),
];
const gathering = (): readonly Option[] => [...reading(), new Option('--url <url>', 'where the app is served')];
const speaking = (): readonly Option[] => [
  new Option('--lang <language>', 'language of the findings').choices(languages),
  new Option('--no-color', 'no colours; so does the environment variable NO_COLOR'),
];

/** An option of the program that the command does not know would be passed over. */
function refuseForeign(program: Command, made: Command): void {
  for (const { attributeName, long } of program.options.map((option) => ({
    attributeName: option.attributeName(),
    long: option.long,
  }))) {
    const isOwn = made.options.some((option) => option.attributeName() === attributeName);
    if (program.getOptionValueSource(attributeName) === 'cli' && !isOwn) {
      throw new CannotRun(`${long} is no option of \`${made.name()}\`. ${optionsOf(made)}`);
    }
  }
}

function messageOf(error: unknown, program: Command, argv: readonly string[]): string {
  if (error instanceof CannotRun) return error.message;
  if (error instanceof CommanderError) {
    const named = program.commands.find((command) => command.name() === argv.find((word) => !word.startsWith('-')));
    const text = error.message.replace(/^error: /, '');
    if (error.code === 'commander.unknownOption') return `${text}\n${optionsOf(named ?? program)}`;
    if (error.code === 'commander.excessArguments' && named) {
      return text.replace(
        /^too many arguments.* Expected (\d+) (arguments?) but got (\d+)\.$/,
        `\`${named.name()}\` takes $1 $2, and got $3.`,
      );
    }
    // The last one: `help` with the name of a command that there is not.
    if (['commander.excessArguments', 'commander.unknownCommand', 'commander.help'].includes(error.code)) {
      const names = program.commands.map((command) => command.name()).join(', ');
      return `There is no command "${program.args.at(-1)}". There is: ${names}; a folder is given with --cwd.`;
    }
    return text;
  }
  const { message = String(error), stack } = (error ?? {}) as { readonly message?: string; readonly stack?: string };
  return `clerk-convex-doctor has failed: ${message}. This is a fault of its own; please report it.${stack ? `\n${stack}` : ''}`;
}

const optionsOf = (command: Command): string => `There is: ${command.options.map(({ flags }) => flags).join(', ')}.`;
