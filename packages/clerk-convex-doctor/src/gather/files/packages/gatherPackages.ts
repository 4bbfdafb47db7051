import type { PackageEvidence } from 'clerk-convex-resilience/diagnosis';
import type { StepWords } from '../fileSteps.ts';
import { allRanges, type PackageJson, type Ranges, rangesOf, readPackageJson } from '../project/packageJson.ts';
import type { ProjectApp } from '../project/projectApps.ts';
import { dedupedByVite } from './dedupedByVite.ts';
import { readLockfile } from './lockfile.ts';
import { installedInNodeModules } from './nodeModules.ts';
import type { Reached } from './reach.ts';
import { compareVersions, matters } from './versions.ts';

/**
 * What was asked for, and what is installed: in node_modules, which is what runs, or where nothing is installed in the
 * lockfile. Only what the app itself reaches: another app of the monorepo may have another React.
 */
export async function gatherPackages(
  app: ProjectApp,
  tell: StepWords,
): Promise<Readonly<Record<string, PackageEvidence>>> {
  const wanted = allRanges(app.json);
  let installed = await installedInNodeModules(app.folder, app.json, app.top);
  if (installed.size === 0) installed = await locked(app, tell);
  else tell.detail('from node_modules');

  const packages: Record<string, PackageEvidence> = {};
  const deduped = await dedupedByVite(app, installed);
  for (const name of [...new Set([...Object.keys(wanted), ...installed.keys()])].filter(matters).sort()) {
    const range = resolved(wanted[name], name, app);
    packages[name] = {
      ...(range !== undefined && { wanted: range }),
      installed: meant(installed.get(name) ?? [], deduped.has(name)),
    };
  }
  return packages;
}

/** Oldest first. Where the bundler gives the app's own copy to all that import it, that one alone. */
function meant(copies: readonly Reached[], isDeduped: boolean): readonly string[] {
  const own = copies.filter(({ isOwn }) => isOwn);
  const counted = isDeduped && own.length > 0 ? own : copies;
  return counted.map(({ version }) => version).sort(compareVersions);
}

/** The app's own lockfile, else that of the workspace. */
async function locked(app: ProjectApp, tell: StepWords): Promise<ReadonlyMap<string, readonly Reached[]>> {
  const places = [
    { folder: app.folder, app: '.' },
    ...(app.workspace === app.folder ? [] : [{ folder: app.workspace, app: app.fromWorkspace }]),
  ];
  let isThere = false;
  const others = await othersOf(app);
  for (const place of places) {
    const reading = await readLockfile(place.folder, { app: place.app, json: withRanges(app), others });
    if (reading.status === 'missing') continue;
    if (reading.status === 'read') {
      tell.detail(`from ${reading.file}`);
      return reading.installed;
    }
    isThere = true;
    tell.skipped(`${reading.file}: ${reading.reason}`);
  }
  if (!isThere) tell.detail('nothing is installed, and there is no lockfile');
  return new Map();
}

async function othersOf({ others }: ProjectApp): Promise<ReadonlyMap<string, PackageJson>> {
  const readings = await Promise.all(others.map(readPackageJson));
  return new Map(
    readings.flatMap((reading) =>
      reading.status === 'read' && reading.json.name !== undefined ? [[reading.json.name, reading.json] as const] : [],
    ),
  );
}

/** Yarn's lockfile has the ranges that a catalog stands for. */
const withRanges = (app: ProjectApp): PackageJson => {
  const inPlace = (ranges: Ranges): Ranges =>
    rangesOf(Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, resolved(range, name, app)])));
  const { json } = app;
  return {
    ...json,
    dependencies: inPlace(json.dependencies),
    devDependencies: inPlace(json.devDependencies),
    optionalDependencies: inPlace(json.optionalDependencies),
    peerDependencies: inPlace(json.peerDependencies),
  };
};

/** `catalog:` and `catalog:name` stand for a range in pnpm-workspace.yaml, .yarnrc.yml or the root's package.json. */
function resolved(range: string | undefined, name: string, app: ProjectApp): string | undefined {
  if (!range?.startsWith('catalog:')) return range;
  const catalog = range.slice('catalog:'.length).trim() || 'default';
  return app.catalogs.get(catalog)?.[name] ?? range;
}
