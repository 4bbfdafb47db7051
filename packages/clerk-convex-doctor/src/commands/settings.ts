import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { escapePath, glob } from 'tinyglobby';
import { CannotRun } from '../cannotRun.ts';
import type { Io } from '../io.ts';
import type { Terminal } from '../print/createTerminal.ts';
import type { Language } from '../print/languages.ts';
import type { DoctorOptions } from '../types.ts';

/** Options of the command line, as commander reads them. */
export interface Flags {
  readonly cwd?: string;
  readonly envFile?: string;
  readonly url?: string;
  readonly offline?: boolean;
  readonly only?: readonly string[];
  readonly ignore?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly strict?: boolean;
  readonly lang?: Language;
  readonly log?: string;
  readonly watch?: boolean;
  readonly fix?: boolean;
  readonly yes?: boolean;
  readonly color?: boolean;
  // Of a command of its own.
  readonly list?: boolean;
  readonly restore?: string;
  readonly to?: string;
  readonly events?: string;
  readonly token?: string;
  readonly output?: string;
}

/** What every command gets. */
export interface Call {
  readonly io: Io;
  readonly flags: Flags;
  readonly terminal: Terminal;
  /** What a program that calls `main` wants otherwise: endpoints, timeouts. */
  readonly overrides: Partial<DoctorOptions>;
}

/** The folder to look at. Throws where there is none. */
export async function rootOf({ io, flags }: Pick<Call, 'io' | 'flags'>): Promise<string> {
  const root = resolve(io.cwd, flags.cwd ?? '.');
  const stats = await stat(root).catch(() => undefined);
  if (!stats) throw new CannotRun(`There is no folder "${flags.cwd ?? io.cwd}".`);
  if (!stats.isDirectory()) throw new CannotRun(`"${flags.cwd}" is a file. --cwd takes the folder of the project.`);
  return root;
}

/** What the library's half is called with. Throws where an option cannot be used. */
export async function doctorOptions(call: Call, root: string): Promise<DoctorOptions> {
  const { flags, io, overrides } = call;
  const envFile = flags.envFile === undefined ? undefined : await envFileFrom(root, io.cwd, flags.envFile);
  return {
    root,
    processEnv: io.env,
    ...(envFile !== undefined && { envFile }),
    ...(flags.url !== undefined && { url: readUrl(flags.url) }),
    ...(flags.offline !== undefined && { offline: flags.offline }),
    ...overrides,
  };
}

/** From the root, with `/`: below the root, where the command was started, or, of a monorepo, in one of its apps. */
async function envFileFrom(root: string, cwd: string, given: string): Promise<string> {
  for (const base of new Set([root, cwd])) {
    const path = resolve(base, given);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile()) return relative(root, path).split(sep).join('/');
    if (stats && !stats.isDirectory()) throw new CannotRun(`"${given}" is no regular file, and --env-file takes one.`);
  }
  const inApps = await glob([`*/*/${escapePath(given)}`, `*/${escapePath(given)}`], {
    cwd: root,
    dot: true,
    ignore: ['**/node_modules/**'],
  });
  if (inApps.length > 0) return given;
  throw new CannotRun(`There is no file "${given}" for --env-file. It is looked for in the project's folder.`);
}

function readUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return given;
  throw new CannotRun(`--url is "${given}", but it must be where the app is served, as https://app.example.com.`);
}
