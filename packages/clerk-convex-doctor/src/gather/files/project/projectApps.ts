import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Framework } from 'clerk-convex-resilience/diagnosis';
import { DoctorError } from '../../../DoctorError.ts';
import type { StepWords } from '../fileSteps.ts';
import { isFolder } from '../readText.ts';
import { type ConvexFolder, findConvexFolder, functionsOf, type Package } from './convexFolder.ts';
import { frameworkOf, hasPage } from './framework.ts';
import { nxApps } from './nxApps.ts';
import { allRanges, type PackageJson, type Ranges, readPackageJson } from './packageJson.ts';
import { findWorkspace, isWithin, pathFrom } from './workspace.ts';

/** One app, with whole paths. */
export interface ProjectApp {
  readonly folder: string;
  /** From the project's root: `.` or `apps/web`. */
  readonly path: string;
  readonly json: PackageJson;
  readonly framework: Framework;
  readonly convex?: ConvexFolder;
  /** Folders of the workspace's other packages. */
  readonly others: readonly string[];
  readonly workspace: string;
  /** From the workspace: `.` or `apps/web`. */
  readonly fromWorkspace: string;
  readonly catalogs: ReadonlyMap<string, Ranges>;
  /** Nothing above is read. */
  readonly top: string;
  /** The folder that the doctor was given: every path that is shown is from there. */
  readonly root: string;
}

/**
 * The apps of a project: of a folder that is an app, that one; of a monorepo's root, each that uses Clerk or Convex. Throws a
 * `DoctorError` where there is no project.
 */
export async function findProjectApps(given: string, tell: StepWords): Promise<readonly ProjectApp[]> {
  const root = await realpath(resolve(given)).catch(() => resolve(given));
  if (!(await isFolder(root)))
    throw new DoctorError(
      'no_project',
      `There is no folder ${given}. Give the folder of your app, or run this inside of it.`,
    );
  const reading = await readPackageJson(root);
  if (reading.status === 'missing')
    throw new DoctorError(
      'no_project',
      `There is no package.json in ${given}. Give the folder of your app, or run this inside of it.`,
    );
  if (reading.status === 'unreadable') throw unreadable('package.json', reading.reason);
  const own: Package = { folder: root, json: reading.json };

  const workspace = await findWorkspace(root);
  const packages: Package[] = [];
  for (const folder of new Set([workspace.folder, ...workspace.members])) {
    if (folder === root) continue;
    const inner = await readPackageJson(folder);
    if (inner.status === 'read') packages.push({ folder, json: inner.json });
    if (inner.status !== 'unreadable') continue;
    const file = `${pathFrom(root, folder)}/package.json`;
    // It may be the app that is wrong: without it, the others would be called clean.
    if (isWithin(root, folder)) throw unreadable(file, inner.reason);
    tell.skipped(`${file}: ${inner.reason}`);
  }

  const inRoot = packages.filter(({ folder }) => isWithin(root, folder));
  const chosen: readonly (Package & { readonly framework?: Framework })[] =
    workspace.folder === root && inRoot.length > 0
      ? await appsAmong([own, ...inRoot], workspace.top)
      : ((await nxApps(own)) ?? [own]);
  const apps: ProjectApp[] = [];
  for (const app of chosen) {
    const others = [own, ...packages].filter(({ folder }) => folder !== app.folder);
    const convex = await findConvexFolder(app, others, workspace.top, tell.skipped);
    apps.push({
      ...app,
      path: pathFrom(root, app.folder),
      framework: app.framework ?? (await frameworkOf(app.folder, app.json)),
      ...(convex && { convex }),
      others: others.map(({ folder }) => folder),
      workspace: workspace.folder,
      // What an app of Nx asks for is what the root asks for.
      fromWorkspace: app.framework ? '.' : pathFrom(workspace.folder, app.folder),
      catalogs: workspace.catalogs,
      top: workspace.top,
      root,
    });
  }
  for (const { path, framework } of apps) tell.detail(path === '.' ? framework : `${path} (${framework})`);
  return apps;
}

const unreadable = (file: string, reason: string): DoctorError =>
  new DoctorError('unreadable', `${file} cannot be read: ${reason}. Mend it, and run this again.`);

/** Those that people open: what another package asks for is a library, and a folder of functions alone serves the apps beside it. */
async function appsAmong(packages: readonly Package[], top: string): Promise<readonly Package[]> {
  const users = packages.filter(({ json }) => Object.keys(allRanges(json)).some(isClerkOrConvex));
  const asked = new Set(users.flatMap(({ json }) => Object.keys({ ...json.dependencies, ...json.devDependencies })));
  const framed: Package[] = [];
  const plain: Package[] = [];
  for (const user of users) {
    if (user.json.name !== undefined && asked.has(user.json.name)) continue;
    const framework = await frameworkOf(user.folder, user.json);
    // The root of a monorepo asks for the tools of all: it is an app only where it has a page.
    if (user === packages[0] && framework !== 'plain' && !(await hasPage(user.folder, framework))) continue;
    if (framework !== 'plain') framed.push(user);
    else if (!(await functionsOf(user, top)) || Object.keys(user.json.dependencies).some(isClerkInBrowser))
      plain.push(user);
  }
  // Of the plain ones, only what signs people in by itself: a monorepo's root and its tools ask for these packages too.
  const apps = [...framed, ...plain.filter(({ json }) => Object.keys(json.dependencies).some(isClerkInBrowser))];
  if (apps.length > 0) return apps;
  const withFunctions: Package[] = [];
  for (const one of packages) if (await functionsOf(one, top)) withFunctions.push(one);
  return withFunctions.length > 0 ? withFunctions : packages.slice(0, 1);
}

const isClerkOrConvex = (name: string): boolean =>
  name === 'convex' || name === 'clerk-convex-resilience' || isClerkInBrowser(name);

const isClerkInBrowser = (name: string): boolean =>
  name.startsWith('@clerk/') &&
  !/^@clerk\/(testing|types|backend|shared|localizations|themes|dev-cli|upgrade|express|fastify)$/.test(name);
