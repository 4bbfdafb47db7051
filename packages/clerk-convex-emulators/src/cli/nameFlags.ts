import { EmulatorError } from '../errors.ts';

/** Says an emulator's error in the words of the command line: `--clerk-port` where the emulator says `port`. */
export function nameFlags(error: unknown, flags: ReadonlyMap<string, string>): unknown {
  if (!(error instanceof EmulatorError)) return error;
  const message = error.message.replace(/`([\w.]+)`/g, (quoted, name: string) => flags.get(name) ?? quoted);
  return new EmulatorError(error.code, message, { cause: error });
}

export const clerkFlags: ReadonlyMap<string, string> = new Map([
  ['host', '--host'],
  ['port', '--clerk-port'],
  ['users', '--user'],
  ['tokenLifeSeconds', '--token-life'],
]);

export const convexFlags: ReadonlyMap<string, string> = new Map([
  ['dir', '--convex'],
  ['host', '--host'],
  ['port', '--convex-port'],
  ['sitePort', '--site-port'],
  ['env', '--env'],
  ['stateFile', '--state-file'],
  ['webhooks.url', '--webhook-url'],
]);
