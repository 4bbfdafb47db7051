import { join } from 'node:path';
import type { MiddlewareEvidence, PackageEvidence } from 'clerk-convex-resilience/diagnosis';
import { majorOf } from '../packages/versions.ts';
import { allRanges, readPackageJson } from '../project/packageJson.ts';
import type { ProjectApp } from '../project/projectApps.ts';
import { pathFrom } from '../project/workspace.ts';
import { isFile, isFolder, textOf } from '../readText.ts';
import { createLocalModules } from '../source/localModules.ts';
import type { SourceFile } from '../source/sourceFiles.ts';
import { chainOf, type MiddlewareChain, readModule } from './chainOf.ts';
import { pageEnds } from './pageEnds.ts';
import { usesClerk } from './usesClerk.ts';

export interface FoundMiddleware {
  readonly evidence: MiddlewareEvidence;
  readonly sources: readonly SourceFile[];
  readonly chains: readonly MiddlewareChain[];
}

/**
 * Middleware of Next.js and TanStack Start: the files that the framework reads; one that it passes over is not among them.
 * Undefined elsewhere, and in an app that uses Clerk in the browser alone (`@clerk/react`) and has none.
 */
export async function gatherMiddleware(
  app: ProjectApp,
  packages: Readonly<Record<string, PackageEvidence>>,
): Promise<FoundMiddleware | undefined> {
  if (app.framework !== 'next' && app.framework !== 'tanstack-start') return undefined;
  const { files, expected } = app.framework === 'next' ? await nextFiles(app, packages.next) : await startFiles(app);
  const needsClerk = ['@clerk/nextjs', '@clerk/tanstack-react-start'].some((name) => name in allRanges(app.json));
  if (files.length === 0 && !needsClerk) return undefined;

  const passedOver = files.length === 0 && app.framework === 'next' ? await unreadFile(app) : undefined;
  const chains: MiddlewareChain[] = [];
  const modules = createLocalModules(app.folder, app.top);
  for (const name of files) {
    const source = await readModule(join(app.folder, name), app);
    if (source) chains.push(await chainOf(source, app, modules));
  }
  const shown = (name: string): string => pathFrom(app.root, join(app.folder, name));
  return {
    evidence: {
      files: files.map(shown),
      expected: shown(expected),
      usesClerk: await mayUseClerk(app, files),
      ...(passedOver !== undefined && { passedOver: shown(passedOver) }),
    },
    sources: chains.flatMap(({ files: [entry] }) => [entry]),
    chains,
  };
}

interface Files {
  readonly files: readonly string[];
  readonly expected: string;
}

/** True also where it cannot be told: then there is nothing to say. */
async function mayUseClerk(app: ProjectApp, files: readonly string[]): Promise<boolean> {
  const modules = createLocalModules(app.folder, app.top);
  const own = await ownPackages(app);
  for (const name of files) if ((await usesClerk(join(app.folder, name), modules, own)) !== false) return true;
  return false;
}

async function ownPackages({ others }: ProjectApp): Promise<ReadonlySet<string>> {
  const readings = await Promise.all(others.map((folder) => readPackageJson(folder)));
  return new Set(
    readings.flatMap((reading) => (reading.status === 'read' && reading.json.name ? [reading.json.name] : [])),
  );
}

const ends = ['ts', 'js', 'mts', 'mjs', 'tsx', 'jsx'];

/**
 * Next.js reads the file beside its `app` or `pages`: in `src`, if these are there (build/index.ts, `isSrcDir`; `pages`, and
 * what is not in `src`, comes first). `proxy.ts` is of Next.js 16; before, it is a file like any other.
 */
async function nextFiles({ folder }: ProjectApp, next: PackageEvidence | undefined): Promise<Files> {
  const routes: string[] = [];
  for (const name of ['pages', 'src/pages', 'app', 'src/app'])
    if (await isFolder(join(folder, name))) routes.push(name);
  const isSrc = routes[0]?.startsWith('src/') === true;
  // Without routes, there is nothing to say where they will be.
  const places = routes.length === 0 ? ['', 'src/'] : [isSrc ? 'src/' : ''];

  const major = majorOf(next?.installed.at(-1)) ?? majorOf(next?.wanted);
  // `latest`, `canary`: the newest.
  const hasProxy = major === undefined || major >= 16;
  const names = hasProxy ? ['proxy', 'middleware'] : ['middleware'];
  const own = await pageEnds(folder);
  const candidates = places.flatMap((place) => names.flatMap((name) => own.map((end) => `${place}${name}.${end}`)));
  const files: string[] = [];
  for (const candidate of candidates) if (await isFile(join(folder, candidate))) files.push(candidate);
  return {
    files,
    expected: `${isSrc ? 'src/' : ''}${hasProxy ? 'proxy' : 'middleware'}.${own.find((end) => end.endsWith('ts')) ?? own[0]}`,
  };
}

/** Clerk's middleware under the name of another version of Next.js, or beside `src` in place of in it. */
async function unreadFile({ folder }: ProjectApp): Promise<string | undefined> {
  for (const place of ['', 'src/', 'app/', 'src/app/'])
    for (const name of ['proxy', 'middleware'])
      for (const end of ends) {
        const file = `${place}${name}.${end}`;
        if ((await textOf(join(folder, file)))?.includes('clerkMiddleware')) return file;
      }
  return undefined;
}

/** `clerkMiddleware` in src/start.ts; before it, `createClerkHandler` in a server entry, which may be there for other reasons. */
async function startFiles(app: ProjectApp): Promise<Files> {
  const expected = 'src/start.ts';
  const files: string[] = [];
  for (const end of ends) {
    for (const name of [`src/start.${end}`, `app/start.${end}`])
      if (await isFile(join(app.folder, name))) files.push(name);
  }
  const modules = createLocalModules(app.folder, app.top);
  for (const name of ['src/server', 'app/server', 'src/ssr', 'app/ssr'])
    for (const end of ends) {
      const file = `${name}.${end}`;
      if (
        (await isFile(join(app.folder, file))) &&
        (await usesClerk(join(app.folder, file), modules, new Set())) === true
      )
        files.push(file);
    }
  return { files, expected };
}
