import type { MiddlewareEvidence } from 'clerk-convex-resilience/diagnosis';
import { usesServerAuth } from '../source/serverAuth.ts';
import type { SourceFile } from '../source/sourceFiles.ts';
import { appRoute } from '../webhook/appRoute.ts';
import type { MiddlewareChain } from './chainOf.ts';
import { matcherOf, takes } from './matcher.ts';

/** The first page or route of Next.js that calls `auth()` itself, at a path without a part that is filled in, and is not matched. */
export function leftOut(
  chains: readonly MiddlewareChain[],
  files: readonly SourceFile[],
): MiddlewareEvidence['leftOut'] | undefined {
  const [chain, ...others] = chains;
  const matcher = chain && others.length === 0 ? matcherOf(chain.files[0]) : undefined;
  if (!matcher) return undefined;
  for (const file of files) {
    const path = pagePath(file) ?? appRoute('next', file);
    if (path === undefined || /[[\]().*:]/.test(path) || takes(matcher, path)) continue;
    if (usesServerAuth([file])) return { path, at: file.shown };
  }
  return undefined;
}

/** `app/(site)/settings/page.tsx`: `/settings`. */
function pagePath({ local }: SourceFile): string | undefined {
  const folders = /^(?:src\/)?app\/(?:(.+)\/)?page\.[cm]?[jt]sx?$/.exec(local);
  if (!folders) return undefined;
  const parts = (folders[1] ?? '').split('/').filter((part) => part !== '' && !/^\([^.)]*\)$|^@/.test(part));
  return `/${parts.join('/')}`;
}
