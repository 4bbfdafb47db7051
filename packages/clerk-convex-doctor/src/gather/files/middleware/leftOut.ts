import { join, posix } from 'node:path';
import type { MiddlewareEvidence } from 'clerk-convex-resilience/diagnosis';
import { listFiles } from '../listFiles.ts';
import type { ProjectApp } from '../project/projectApps.ts';
import type { SourceFile } from '../source/sourceFiles.ts';
import { nextRoute } from '../webhook/appRoute.ts';
import { callsAuth } from './callsAuth.ts';
import { type MiddlewareChain, readModule } from './chainOf.ts';
import { matcherOf, takes } from './matcher.ts';

/** So many pages that are not matched are read. */
const mostPages = 200;

/**
 * The first page or route of Next.js that calls `auth()`, itself or by its layouts, at a path without a part that is filled
 * in, and is not matched.
 */
export async function leftOut(
  app: ProjectApp,
  chains: readonly MiddlewareChain[],
  files: readonly SourceFile[],
): Promise<MiddlewareEvidence['leftOut'] | undefined> {
  const [chain, ...others] = chains;
  const matcher = chain && others.length === 0 ? matcherOf(chain.files[0]) : undefined;
  if (!matcher) return undefined;
  const known = new Map(files.map((file) => [file.local, file]));
  const read = async (local: string): Promise<SourceFile | undefined> =>
    known.get(local) ?? (await readModule(join(app.folder, local), app));

  const locals = await listFiles(app.folder, [
    '{app,src/app}/**/{page,route,layout,template}.{ts,tsx,js,jsx,mjs,mts}',
    '{pages,src/pages}/api/**/*.{ts,tsx,js,jsx,mjs,mts}',
  ]);
  const left = locals.flatMap((local): readonly (readonly [path: string, local: string])[] => {
    const path = pagePath(local) ?? nextRoute(local);
    const isPlain = path !== undefined && !/[[\]().*:]/.test(path) && !/(^|\/)_/.test(path);
    return isPlain && !takes(matcher, path) ? [[path, local]] : [];
  });
  for (const [path, local] of left.slice(0, mostPages)) {
    const around = locals.filter((other) => isAround(other, local));
    for (const each of [local, ...around]) {
      const file = await read(each);
      if (file && callsAuth(file, files)) return { path, at: file.shown };
    }
  }
  return undefined;
}

/** `app/(site)/settings/page.tsx`: `/settings`. */
function pagePath(local: string): string | undefined {
  const folders = /^(?:src\/)?app\/(?:(.+)\/)?page\.[cm]?[jt]sx?$/.exec(local);
  if (!folders) return undefined;
  const parts = (folders[1] ?? '').split('/').filter((part) => part !== '' && !/^\([^.)]*\)$|^@/.test(part));
  return `/${parts.join('/')}`;
}

/** A layout of a folder that a page is in; routes have none. */
const isAround = (layout: string, page: string): boolean =>
  /\/(?:layout|template)\.\w+$/.test(layout) &&
  /\/page\.\w+$/.test(page) &&
  page.startsWith(`${posix.dirname(layout)}/`);
