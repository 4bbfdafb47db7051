import { join } from 'node:path';
import type { MiddlewareEvidence, PackageEvidence } from 'clerk-convex-resilience/diagnosis';
import { majorOf } from '../packages/versions.ts';
import { allRanges } from '../project/packageJson.ts';
import type { ProjectApp } from '../project/projectApps.ts';
import { pathFrom } from '../project/workspace.ts';
import { isFile, isFolder } from '../readText.ts';
import { readSource, type SourceFile } from '../source/sourceFiles.ts';

export interface FoundMiddleware {
  readonly evidence: MiddlewareEvidence;
  readonly sources: readonly SourceFile[];
}

/**
 * Middleware of Next.js and TanStack Start. Undefined elsewhere, and in an app that uses Clerk in the browser alone
 * (`@clerk/react`) and has none.
 */
export async function gatherMiddleware(
  app: ProjectApp,
  packages: Readonly<Record<string, PackageEvidence>>,
): Promise<FoundMiddleware | undefined> {
  if (app.framework !== 'next' && app.framework !== 'tanstack-start') return undefined;
  const candidates = app.framework === 'next' ? nextFiles : startFiles;
  const files: string[] = [];
  for (const name of candidates) if (await isFile(join(app.folder, name))) files.push(name);
  const needsClerk = ['@clerk/nextjs', '@clerk/tanstack-react-start'].some((name) => name in allRanges(app.json));
  if (files.length === 0 && !needsClerk) return undefined;

  const sources: SourceFile[] = [];
  for (const name of files) {
    const source = await readSource(join(app.folder, name), app.root, app.folder);
    if (source) sources.push(source);
  }
  const shown = (name: string): string => pathFrom(app.root, join(app.folder, name));
  return {
    evidence: {
      files: files.map(shown),
      expected: shown(app.framework === 'next' ? await nextExpects(app, packages.next) : 'src/start.ts'),
      usesClerk: sources.some(({ imports }) =>
        [...imports.values()].some(({ from, name }) => from.startsWith('@clerk/') && makers.has(name)),
      ),
    },
    sources,
  };
}

const makers = new Set(['clerkMiddleware', 'authMiddleware', 'withClerkMiddleware', 'createClerkHandler']);
const ends = ['ts', 'js', 'mts', 'mjs', 'tsx'];
const nextFiles = ['proxy', 'middleware', 'src/proxy', 'src/middleware'].flatMap((name) =>
  ends.map((end) => `${name}.${end}`),
);
// @clerk/tanstack-react-start: src/start.ts with `clerkMiddleware`; before it, a server entry with `createClerkHandler`.
const startFiles = ['src/start.ts', 'src/start.tsx', 'src/start.js', 'app/ssr.tsx', 'src/ssr.tsx', 'src/server.tsx'];

/** Next.js 16 calls it proxy.ts; beside `app` or `pages`, so in `src` where these are. */
async function nextExpects(app: ProjectApp, next: PackageEvidence | undefined): Promise<string> {
  const major = majorOf(next?.installed.at(-1)) ?? majorOf(next?.wanted);
  // `latest`, `canary`: the newest.
  const name = major === undefined || major >= 16 ? 'proxy.ts' : 'middleware.ts';
  const inSrc = (await isFolder(join(app.folder, 'src/app'))) || (await isFolder(join(app.folder, 'src/pages')));
  return inSrc ? `src/${name}` : name;
}
