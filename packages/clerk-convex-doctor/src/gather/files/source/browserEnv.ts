import type { Framework } from 'clerk-convex-resilience/diagnosis';
import { envReadsOf } from '../syntax/envReads.ts';
import type { SourceFile } from './sourceFiles.ts';

/** Names of the variables that code for the browser (or the phone) reads, sorted. */
export function browserEnvReads(framework: Framework, files: readonly SourceFile[]): readonly string[] {
  const names = new Set<string>();
  for (const file of files) {
    if (!mayBeInBrowser(file.local)) continue;
    const isClient = file.program.directives?.some(({ value }) => value.value === 'use client') === true;
    for (const { name, through } of envReadsOf(file.program)) {
      if (usually.has(name)) continue;
      // In Next.js a file without 'use client' may be the server's, and in TanStack Start process.env is: a name for the public is meant for both.
      const isPublic = /^(NEXT_PUBLIC|VITE|EXPO_PUBLIC)_/.test(name);
      const isServers =
        (framework === 'next' && !isClient) || (framework === 'tanstack-start' && through === 'process.env');
      if (isPublic || !isServers) names.add(name);
    }
  }
  return [...names].sort();
}

/** Vite's and Node's own. */
const usually = new Set(['NODE_ENV', 'MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL', 'CI', 'PORT', 'EXPO_OS']);

/** Configs, routes of an API, middleware and scripts run elsewhere. */
export const mayBeInBrowser = (local: string): boolean =>
  !/(^|\/)[\w.-]+\.config\.[cm]?[jt]s$/.test(local) &&
  !/(^|\/)(api|server|scripts?|functions|netlify)\//.test(local) &&
  !/(^|\/)(route|middleware|proxy|instrumentation|server|start|next-env)\.[cm]?[jt]sx?$/.test(local) &&
  !/(\+api|\.server)\.[cm]?[jt]sx?$/.test(local);
