import { resolve } from 'node:path';
import { EmulatorError } from '../errors.ts';
import { refuseUnknownKeys } from '../refuseUnknownKeys.ts';
import { readPort } from '../wire/readPort.ts';
import type { ConvexEmulatorOptions } from './types.ts';

/** The options, checked, with their defaults. */
export interface ConvexSettings {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly host: string;
  readonly port: number;
  readonly sitePort: number;
  readonly redactErrors: boolean;
  readonly stateFile: string | undefined;
  readonly onLog: (line: string) => void;
  readonly transitionChunkBytes: number;
  readonly heartbeatMs: number;
}

const optionNames: readonly (keyof ConvexEmulatorOptions)[] = [
  'dir',
  'env',
  'host',
  'port',
  'sitePort',
  'redactErrors',
  'stateFile',
  'onLog',
  'transitionChunkBytes',
  'heartbeatMs',
];

/** Throws `EmulatorError` `invalid_option` that names the option and the mend. */
export function readConvexOptions(options: ConvexEmulatorOptions): ConvexSettings {
  // Its callers may be JavaScript.
  const {
    dir,
    host = '127.0.0.1',
    stateFile,
  }: Partial<ConvexEmulatorOptions> = (options as ConvexEmulatorOptions | undefined) ?? {};
  if (typeof dir !== 'string' || dir === '') {
    throw invalid("`dir` is missing. Give the path of your app's convex/ folder.");
  }
  refuseUnknownKeys('`createConvexEmulator`', options, optionNames);
  return {
    dir: resolve(dir),
    env: readEnv(options.env ?? {}),
    host,
    port: readPort('port', options.port ?? 0),
    sitePort: readPort('sitePort', options.sitePort ?? 0),
    redactErrors: options.redactErrors ?? false,
    stateFile: stateFile === undefined ? undefined : resolve(stateFile),
    onLog: options.onLog ?? (() => undefined),
    transitionChunkBytes: readCount('transitionChunkBytes', options.transitionChunkBytes ?? 5_000_000),
    heartbeatMs: readCount('heartbeatMs', options.heartbeatMs ?? 15_000),
  };
}

/** A copy: the deployment's environment changes with a push, not with the caller's object. */
export function readEnv(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(env)) {
    if (typeof value !== 'string') {
      throw invalid(`\`env.${name}\` is ${String(value)}; environment variables are strings.`);
    }
  }
  return { ...env };
}

function readCount(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw invalid(`\`${name}\` is ${value}; use a whole number from 1.`);
}

const invalid = (message: string) => new EmulatorError('invalid_option', message);
