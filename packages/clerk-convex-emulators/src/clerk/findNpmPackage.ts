import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface NpmPackageRequest {
  /** `clerk-js` or `ui`. */
  readonly name: string;
  /** undefined: any. */
  readonly major: string | undefined;
  /** Folders that were given: `{ 'clerk-js@6': dir }`. */
  readonly given: Readonly<Record<string, string>>;
}

export type FoundPackage =
  | { readonly ok: true; readonly dir: string }
  | { readonly ok: false; readonly message: string };

/** Finds the folder of `@clerk/<name>` of a major: given, or in a `node_modules` from the working directory upwards. */
export async function findNpmPackage({ name, major, given }: NpmPackageRequest): Promise<FoundPackage> {
  const dir = (major && given[`${name}@${major}`]) ?? given[name] ?? (major ? undefined : firstOf(given, `${name}@`));
  if (dir) return { ok: true, dir };

  // `clerk-js-v6`: the name by which a second major is usually installed beside the first.
  const folders = [`@clerk/${name}`, ...(major ? [`${name}-v${major}`] : [])];
  const seen: string[] = [];
  for (let parent = process.cwd(); ; parent = dirname(parent)) {
    for (const folder of folders) {
      const candidate = join(parent, 'node_modules', folder);
      const version = await readVersion(candidate);
      if (version === undefined) continue;
      if (!major || version.startsWith(`${major}.`)) return { ok: true, dir: candidate };
      seen.push(`${folder} ${version}`);
    }
    if (parent === dirname(parent)) break;
  }
  const wanted = major ? `@clerk/${name}@${major}` : `@clerk/${name}`;
  const beside =
    major && seen.length > 0 ? ` (found ${seen.join(', ')}: install it beside as ${name}-v${major}@npm:${wanted})` : '';
  return {
    ok: false,
    message: `${wanted} is not installed here${beside}. Install it (npm install --save-dev ${wanted}), or name its folder in the option \`npmPackages\`: { '${name}${major ? `@${major}` : ''}': dir }.`,
  };
}

async function readVersion(dir: string): Promise<string | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8')) as { version?: string };
    return manifest.version;
  } catch {
    return undefined;
  }
}

const firstOf = (given: Readonly<Record<string, string>>, prefix: string): string | undefined =>
  Object.entries(given).find(([key]) => key.startsWith(prefix))?.[1];
