import { join } from 'node:path';
import { readText } from '../readText.ts';

/** What matters of a package.json; parts of another shape than they should be are left out. */
export interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  /** Patterns of folders. */
  readonly workspaces: readonly string[];
  /** Commands, by name. */
  readonly scripts: Ranges;
  readonly dependencies: Ranges;
  readonly devDependencies: Ranges;
  readonly optionalDependencies: Ranges;
  readonly peerDependencies: Ranges;
}

export type Ranges = Readonly<Record<string, string>>;

export type PackageJsonReading =
  | { readonly status: 'read'; readonly json: PackageJson }
  | { readonly status: 'missing' }
  | { readonly status: 'unreadable'; readonly reason: string };

export async function readPackageJson(folder: string): Promise<PackageJsonReading> {
  const reading = await readText(join(folder, 'package.json'));
  if (reading.status !== 'read') return reading;
  const data = parseJson(reading.text);
  if (!isRecord(data)) return { status: 'unreadable', reason: 'it is not valid JSON' };
  const workspaces = isRecord(data.workspaces) ? data.workspaces.packages : data.workspaces;
  return {
    status: 'read',
    json: {
      ...(typeof data.name === 'string' && { name: data.name }),
      ...(typeof data.version === 'string' && { version: data.version }),
      workspaces: strings(workspaces),
      scripts: rangesOf(data.scripts),
      dependencies: rangesOf(data.dependencies),
      devDependencies: rangesOf(data.devDependencies),
      optionalDependencies: rangesOf(data.optionalDependencies),
      peerDependencies: rangesOf(data.peerDependencies),
    },
  };
}

/** Undefined: it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Names and ranges; without a prototype, since a package may be called `constructor`. */
export function rangesOf(value: unknown): Ranges {
  const ranges: Record<string, string> = Object.create(null);
  if (!isRecord(value)) return ranges;
  for (const [name, range] of Object.entries(value)) if (typeof range === 'string') ranges[name] = range;
  return ranges;
}

/** Everything that a package asks for, of whatever kind; what it needs to run counts first. */
export const allRanges = (json: PackageJson): Ranges => ({
  ...json.peerDependencies,
  ...json.devDependencies,
  ...json.optionalDependencies,
  ...json.dependencies,
});
