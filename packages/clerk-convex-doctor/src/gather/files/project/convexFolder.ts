import { join, resolve } from 'node:path';
import { isFolder, readText } from '../readText.ts';
import { allRanges, isRecord, type PackageJson, parseJson } from './packageJson.ts';
import { isWithin } from './workspace.ts';

/** Where the Convex functions are. */
export interface ConvexFolder {
  readonly folder: string;
  /** Folder of the package that they belong to: where `npx convex` is run. */
  readonly package: string;
}

export interface Package {
  readonly folder: string;
  readonly json: PackageJson;
}

/**
 * The app's own functions; else, in a monorepo, those of a package that the app asks for; else those of the only package that
 * has some.
 */
export async function findConvexFolder(
  app: Package,
  others: readonly Package[],
  top: string,
  skipped: (why: string) => void,
): Promise<ConvexFolder | undefined> {
  const own = await functionsOf(app, top, skipped);
  if (own) return own;
  const found: (ConvexFolder & { readonly name: string | undefined })[] = [];
  for (const other of others) {
    const theirs = await functionsOf(other, top, skipped);
    if (theirs) found.push({ ...theirs, name: other.json.name });
  }
  const asked = allRanges(app.json);
  const chosen =
    found.find(({ name }) => name !== undefined && name in asked) ?? (found.length === 1 ? found[0] : undefined);
  return chosen && { folder: chosen.folder, package: chosen.package };
}

/** `functions` of convex.json, or `convex/`, where there is such a folder. */
export async function functionsOf(
  { folder }: Package,
  top: string,
  skipped: (why: string) => void = () => {},
): Promise<ConvexFolder | undefined> {
  const reading = await readText(join(folder, 'convex.json'));
  let path = 'convex';
  if (reading.status === 'unreadable') skipped(`convex.json: ${reading.reason}`);
  if (reading.status === 'read') {
    const data = parseJson(reading.text);
    if (!isRecord(data)) skipped('convex.json: it is not valid JSON');
    else if (typeof data.functions === 'string' && data.functions !== '') path = data.functions;
  }
  const functions = resolve(folder, path);
  if (!isWithin(top, functions)) {
    skipped('convex.json: its functions are outside of the project');
    return undefined;
  }
  return (await isFolder(functions)) ? { folder: functions, package: folder } : undefined;
}
