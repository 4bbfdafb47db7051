import { join } from 'node:path';
import type { WebhookEvidence } from 'clerk-convex-resilience/diagnosis';
import type { MiddlewareChain } from '../middleware/chainOf.ts';
import type { ProjectApp } from '../project/projectApps.ts';
import { pathFrom } from '../project/workspace.ts';
import { isRouterFile, type SourceFile } from '../source/sourceFiles.ts';
import { appRoute, refusesPost } from './appRoute.ts';
import { convexRoute } from './convexRoute.ts';
import { functionCallsIn, handlerCallsIn } from './handlerCalls.ts';
import { protectsPath } from './protection.ts';

export interface WebhookSources {
  readonly convex: readonly SourceFile[];
  readonly app: readonly SourceFile[];
  readonly middleware: readonly MiddlewareChain[];
}

/** Handlers of Clerk's webhooks, the route to them, and what stands in its way. */
export function gatherWebhook(app: ProjectApp, sources: WebhookSources): WebhookEvidence {
  const inConvex = sources.convex.flatMap((file) => handlersOf(file, 'convex'));
  const inApp = sources.app.flatMap((file) => handlersOf(file, 'app'));
  // Functions of this library's that no handler calls, unless the app has one.
  const functions =
    inConvex.length + inApp.length === 0
      ? sources.convex.flatMap((file) =>
          functionCallsIn(file).map((line) => ({
            at: `${file.shown}:${line}`,
            runsIn: 'convex' as const,
            secretNames: ['CLERK_WEBHOOK_SIGNING_SECRET', 'CLERK_WEBHOOK_SECRET'],
          })),
        )
      : [];
  const handlers = [...inConvex, ...functions, ...inApp];
  if (handlers.length === 0) return { handlers };

  if (app.convex && inConvex.length + functions.length > 0) {
    const { isRouted, path, refusesPost: refused } = convexRoute(sources.convex);
    if (isRouted)
      return {
        handlers,
        ...(path !== undefined && { path }),
        ...(refused !== undefined && { refusesPost: refused }),
      };
    const http = sources.convex.find(({ local }) => isRouterFile(local));
    const expected = http?.shown ?? pathFrom(app.root, join(app.convex.folder, 'http.ts'));
    return inApp.length > 0 ? { handlers } : { handlers, routeMissing: expected };
  }
  return { handlers, ...routeInApp(app, sources) };
}

const handlersOf = (file: SourceFile, runsIn: 'convex' | 'app'): WebhookEvidence['handlers'] =>
  handlerCallsIn(file).map(({ line, secretNames }) => ({ at: `${file.shown}:${line}`, runsIn, secretNames }));

function routeInApp(app: ProjectApp, { app: files, middleware }: WebhookSources): Partial<WebhookEvidence> {
  const holders = files.filter((file) => handlerCallsIn(file).length > 0);
  const route = findRoute(app, files, holders);
  if (route === 'unknown') return {};
  if (route === undefined) {
    const expected = expectedRoute[app.framework];
    return expected === undefined ? {} : { routeMissing: pathFrom(app.root, join(app.folder, expected)) };
  }
  const { path, file } = route;
  const protectedBy = middleware.map((chain) => protectsPath(chain, path)).find((place) => place !== undefined);
  return {
    path,
    ...(protectedBy !== undefined && { protectedBy }),
    ...(refusesPost(app.framework, file) && { refusesPost: `${file.shown}:1` }),
  };
}

const expectedRoute: Partial<Readonly<Record<ProjectApp['framework'], string>>> = {
  next: 'app/api/webhooks/clerk/route.ts',
  'tanstack-start': 'src/routes/api/webhooks/clerk.ts',
};

/** A file of a route that has the handler, or imports it from the file that has. `unknown`: the app's server has routes of its own. */
function findRoute(
  app: ProjectApp,
  files: readonly SourceFile[],
  holders: readonly SourceFile[],
): { readonly path: string; readonly file: SourceFile } | 'unknown' | undefined {
  for (const holder of holders) {
    const path = appRoute(app.framework, holder);
    if (path !== undefined) return { path, file: holder };
  }
  const names = holders.map(({ local }) =>
    local
      .replace(/\.[cm]?[jt]sx?$/, '')
      .split('/')
      .at(-1),
  );
  for (const file of files) {
    const path = appRoute(app.framework, file);
    if (path === undefined) continue;
    for (const { from } of file.imports.values()) if (names.includes(from.split('/').at(-1))) return { path, file };
  }
  return app.framework === 'next' || app.framework === 'tanstack-start' ? undefined : 'unknown';
}
