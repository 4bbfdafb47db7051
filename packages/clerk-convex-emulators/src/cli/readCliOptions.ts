import { parseArgs } from 'citty';
import type { ClerkEmulatorOptions, EmulatedUser } from '../clerk/types.ts';
import type { ConvexEmulatorOptions } from '../convex/types.ts';
import { EmulatorError } from '../errors.ts';

/** The options of the command, for its usage and for parsing. */
export const cliArgs = {
  convex: { type: 'string', default: './convex', valueHint: 'folder', description: "The app's convex/ folder" },
  host: { type: 'string', default: '127.0.0.1', valueHint: 'address', description: 'Address to listen on' },
  'clerk-port': { type: 'string', valueHint: 'port', description: "Port of Clerk's Frontend API (a free one)" },
  'convex-port': { type: 'string', valueHint: 'port', description: 'Port of the Convex deployment (a free one)' },
  'site-port': { type: 'string', valueHint: 'port', description: 'Port of its HTTP actions (a free one)' },
  env: { type: 'string', valueHint: 'NAME=value', description: 'A variable of the Convex deployment; may be repeated' },
  user: {
    type: 'string',
    valueHint: 'email:password',
    description: 'A user who can sign in; may be repeated (ada@example.com:correct-horse-battery)',
  },
  'token-life': { type: 'string', valueHint: 'seconds', description: "Life of Clerk's tokens (60)" },
  integration: { type: 'boolean', description: "Clerk's Convex integration instead of a JWT template" },
  'webhook-url': {
    type: 'string',
    valueHint: 'url',
    description: 'Where signed webhooks go; a path such as /clerk-webhook is one of convex/http.ts',
  },
  'state-file': { type: 'string', valueHint: 'file', description: 'Keeps the Convex documents across restarts' },
  redact: { type: 'boolean', description: "A production deployment's error texts" },
} as const;

export interface CliOptions {
  readonly clerk: ClerkEmulatorOptions;
  readonly convex: ConvexEmulatorOptions;
  readonly webhookUrl: string | undefined;
}

const repeatable = ['env', 'user'];

/** Reads a command line. Throws `EmulatorError` `invalid_option` that names the option and the mend. */
export function readCliOptions(rawArgs: readonly string[]): CliOptions {
  const given = readFlags(rawArgs);
  const args = parseArgs<typeof cliArgs>([...rawArgs], cliArgs);
  const clerkPort = readNumber(args['clerk-port'], 'clerk-port');
  const convexPort = readNumber(args['convex-port'], 'convex-port');
  const sitePort = readNumber(args['site-port'], 'site-port');
  const tokenLifeSeconds = readNumber(args['token-life'], 'token-life');
  const users = (given.get('user') ?? []).map(readUser);
  const stateFile = args['state-file'];
  const webhookUrl = args['webhook-url'];
  if (webhookUrl !== undefined && !/^(?:https?:\/\/|\/)/.test(webhookUrl)) {
    throw invalid(`--webhook-url is "${webhookUrl}"; use a URL, or a path of convex/http.ts such as /clerk-webhook.`);
  }
  return {
    clerk: {
      host: args.host,
      ...(clerkPort !== undefined && { port: clerkPort }),
      ...(users.length > 0 && { users }),
      ...(tokenLifeSeconds !== undefined && { tokenLifeSeconds }),
      ...(args.integration && { convexIntegration: true }),
    },
    convex: {
      dir: args.convex,
      host: args.host,
      env: Object.fromEntries((given.get('env') ?? []).map(readVariable)),
      ...(convexPort !== undefined && { port: convexPort }),
      ...(sitePort !== undefined && { sitePort }),
      ...(stateFile !== undefined && { stateFile }),
      ...(args.redact && { redactErrors: true }),
    },
    webhookUrl,
  };
}

/** All values of each option, where citty keeps the last one. Refuses what is no option, which citty lets pass. */
function readFlags(rawArgs: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (let index = 0; index < rawArgs.length; index++) {
    const [flag = '', inline] = splitOnce(rawArgs[index] ?? '', '=');
    const name = flag.slice(2);
    if (!flag.startsWith('--') || !Object.hasOwn(cliArgs, name)) {
      throw invalid(`There is no option ${flag}. Run with --help for those that there are.`);
    }
    if (cliArgs[name as keyof typeof cliArgs].type === 'boolean') {
      // citty would take any value for yes.
      if (inline !== undefined) throw invalid(`${flag} takes no value. Write ${flag} alone, or leave it out.`);
      continue;
    }
    const value = inline ?? rawArgs[++index];
    if (value === undefined || value === '' || (inline === undefined && value.startsWith('--'))) {
      throw invalid(`${flag} has no value. Write ${flag}=<${hintOf(name)}>.`);
    }
    const before = values.get(name) ?? [];
    if (before.length > 0 && !repeatable.includes(name)) throw invalid(`${flag} is given twice; give it once.`);
    values.set(name, [...before, value]);
  }
  return values;
}

const hintOf = (name: string) => {
  const arg = cliArgs[name as keyof typeof cliArgs];
  return 'valueHint' in arg ? arg.valueHint : 'value';
};

function splitOnce(text: string, by: string): [string, string | undefined] {
  const at = text.indexOf(by);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + by.length)];
}

function readNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw invalid(`--${name} is "${text}"; use a whole number.`);
}

function readVariable(text: string): [string, string] {
  const [name, value] = splitOnce(text, '=');
  if (value === undefined || !/^[A-Za-z_]\w*$/.test(name)) {
    throw invalid(`--env has no NAME=value. Write --env NAME=value.`);
  }
  return [name, value];
}

function readUser(text: string): EmulatedUser {
  const [emailAddress, password] = splitOnce(text, ':');
  if (!emailAddress.includes('@') || !password)
    throw invalid('--user is no email:password. Write --user ada@example.com:secret.');
  return { emailAddress, password };
}

const invalid = (message: string) => new EmulatorError('invalid_option', message);
