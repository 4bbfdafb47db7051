import { join, posix, resolve } from 'node:path';
import type { AuthConfigEvidence, ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import type { DoctorOptions } from '../../types.ts';
import { configModules } from './authConfig/configModules.ts';
import { readAuthConfig } from './authConfig/readAuthConfig.ts';
import { deploymentNames } from './env/deploymentNames.ts';
import { type EnvAnswer, gatherEnv, isProductionEnv } from './env/gatherEnv.ts';
import { createStepRunner, type StepWords } from './fileSteps.ts';
import { createGit, type Git } from './git/git.ts';
import { listFiles } from './listFiles.ts';
import { gatherMiddleware } from './middleware/gatherMiddleware.ts';
import { leftOut } from './middleware/leftOut.ts';
import { gatherPackages } from './packages/gatherPackages.ts';
import type { ConvexFolder } from './project/convexFolder.ts';
import { findProjectApps, type ProjectApp } from './project/projectApps.ts';
import { isWithin, pathFrom } from './project/workspace.ts';
import { isFile, readText } from './readText.ts';
import { mayHoldSecrets, secretsInFiles } from './secrets/secretsInFiles.ts';
import { browserEnvReads } from './source/browserEnv.ts';
import { readsClerkSecretKey, usesUsersTable } from './source/convexFunctions.ts';
import { handedOn } from './source/handedOn.ts';
import { plainProviderIn } from './source/plainProvider.ts';
import { providersIn } from './source/providers.ts';
import { proxyUrlIn } from './source/proxyUrl.ts';
import { schemaTables } from './source/schemaTables.ts';
import { usesServerAuth } from './source/serverAuth.ts';
import { type SourceFile, sourceFilesIn } from './source/sourceFiles.ts';
import { tokenTemplatesIn } from './source/tokenTemplates.ts';
import { writtenKey } from './source/writtenKey.ts';
import { staleBuild } from './staleBuild.ts';
import { gatherWebhook } from './webhook/gatherWebhook.ts';

/** Where an app's Convex deployment is asked from. Paths are whole. */
interface DeploymentQuestion {
  readonly app: string;
  /** Its folder from the root, where there are several; else empty. */
  readonly where: string;
  /** Folder in which `npx convex` is run. */
  readonly convexPackage: string;
  /** What an env file that was asked for, or the shell, says of the deployment: by name. */
  readonly named?: Readonly<Record<string, string>>;
}

const namedIn = (env: ProjectEvidence['env']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    env.filter(({ name }) => deploymentNames.some((known) => known === name)).map(({ name, value }) => [name, value]),
  );

export interface GatherParts {
  /** Variables of the Convex deployment; undefined: it could not be asked. It should not reject. */
  readonly deploymentEnv?: (question: DeploymentQuestion) => Promise<Readonly<Record<string, string>> | undefined>;
}

/**
 * Reads the files of each app: never writes, runs nothing of the project, and no program but git. Paths in what it answers
 * are from `options.root`, with `/`; in a monorepo's app they may begin with `../`. What cannot be read is evidence itself
 * (`unreadable`), or a step that was skipped. Rejects with a `DoctorError` where there is no project, and with nothing else.
 */
export async function gatherProjects(
  options: DoctorOptions,
  parts: GatherParts = {},
): Promise<readonly ProjectEvidence[]> {
  const { root, onStep } = options;
  const apps = await createStepRunner(onStep, '')('project', [], (tell) => findProjectApps(root, tell));

  const evidence: ProjectEvidence[] = [];
  const git = apps[0] ? await createGit(apps[0].top) : undefined;
  for (const app of apps) if (git) evidence.push(await gatherApp(app, apps, git, options, parts));
  return evidence;
}

async function gatherApp(
  app: ProjectApp,
  apps: readonly ProjectApp[],
  git: Git,
  { envFile: given, onStep, processEnv = process.env }: DoctorOptions,
  { deploymentEnv: ask }: GatherParts,
): Promise<ProjectEvidence> {
  const where = apps.length > 1 ? app.path : '';
  const step = createStepRunner(onStep, where);
  const { convex, root } = app;
  const envFile = given !== undefined && isOfAnotherApp(given, app, apps) ? undefined : given;
  const isProduction = isProductionEnv(envFile, processEnv);

  const packages = await step('packages', {}, (tell) => gatherPackages(app, tell));
  const { env, envFiles, envTarget } = await step<EnvAnswer>('env-files', { env: [], envFiles: [] }, (tell) =>
    gatherEnv({ app, processEnv, envFile, isProduction, git }, tell),
  );
  const deploymentEnv =
    convex &&
    (await ask?.({
      app: app.folder,
      where,
      convexPackage: convex.package,
      // Of a file that was asked for: it is the environment of another deployment than the one of .env.local.
      ...(envFile !== undefined && { named: namedIn(env) }),
    }).catch(() => undefined));
  const authConfig = convex
    ? await step<AuthConfigEvidence | undefined>('auth-config', undefined, (tell) =>
        gatherAuthConfig(convex, app, deploymentEnv, env, tell),
      )
    : undefined;

  const functions = await step<Functions>('functions', noFunctions, (tell) => gatherFunctions(app, tell));
  const browser = await step<Browser>('providers', noBrowser, async (tell) => {
    const files = await sourceFilesIn(app.folder, root, otherFolders(app), tell.skipped);
    const providers = providersIn(files);
    tell.detail(providers.map(({ name, at }) => `${name} in ${at}`).join(', ') || 'none');
    const readsEnv = browserEnvReads(app.framework, files);
    const names = [...readsEnv, ...env.map(({ name }) => name)];
    return { files, providers, readsEnv, handedOn: handedOn(app.framework, files, names) };
  });
  const middleware = await step('middleware', undefined, async (tell) => {
    const found = await gatherMiddleware(app, packages);
    tell.detail(found ? found.evidence.files.join(', ') || 'none' : 'not needed');
    const left = found && app.framework === 'next' ? await leftOut(app, found.chains, browser.files) : undefined;
    return found && left ? { ...found, evidence: { ...found.evidence, leftOut: left } } : found;
  });
  const webhook = await step<ProjectEvidence['webhook']>('webhook-routes', { handlers: [] }, async (tell) => {
    const found = gatherWebhook(app, {
      convex: functions.files,
      app: browser.files,
      middleware: middleware?.chains ?? [],
    });
    tell.detail(found.handlers.map(({ at }) => at).join(', ') || 'none');
    return found;
  });
  const secrets = await step<ProjectEvidence['secretsInFiles']>('secrets', [], (tell) =>
    gatherSecrets(app, apps, git, new Set(envFiles.map(({ file }) => file)), tell),
  );
  const stale = await step<ProjectEvidence['staleBuild']>('stale-build', undefined, async (tell) => {
    const found = await staleBuild(app, env);
    tell.detail(
      app.framework !== 'next'
        ? 'not needed'
        : found
          ? `${found.folder} is older than ${found.file}`
          : 'up to date, or none',
    );
    return found;
  });
  const isKeyless = await isFile(join(app.folder, '.clerk/.tmp/keyless.json'));
  const hasServer = app.framework === 'next' || app.framework === 'tanstack-start';
  const key = writtenKey(browser.files);
  const withoutAuth = plainProviderIn(browser.files);
  const templates = tokenTemplatesIn(browser.files);
  const proxyUrl = proxyUrlIn([...browser.files, ...(middleware?.sources ?? [])]);

  return {
    framework: app.framework,
    app: app.path,
    ...(convex && { convexFolder: pathFrom(root, convex.folder) }),
    packages,
    env,
    envFiles,
    ...(envTarget !== undefined && { envTarget }),
    ...(deploymentEnv && { deploymentEnv }),
    ...(authConfig && { authConfig }),
    source: {
      providers: browser.providers,
      ...(withoutAuth !== undefined && { withoutAuth }),
      ...(templates.length > 0 && { templates }),
      readsClerkSecretKey: functions.readsClerkSecretKey,
      usesUsersTable: functions.usesUsersTable,
      ...(functions.tables && { tables: functions.tables }),
      readsEnv: browser.readsEnv,
      ...(browser.handedOn.length > 0 && { handedOn: browser.handedOn }),
      ...(hasServer && { usesServerAuth: usesServerAuth(browser.files) }),
      ...(key && { writtenKey: key }),
      ...(proxyUrl !== undefined && { proxyUrl }),
    },
    webhook,
    ...(middleware && { middleware: middleware.evidence }),
    secretsInFiles: secrets,
    ...(stale && { staleBuild: stale }),
    ...(isKeyless && { isKeyless }),
    isProduction,
    ...(envFile !== undefined && { isOneEnvFile: true }),
  };
}

/** `apps/web/.env.production` is the web app's alone. */
function isOfAnotherApp(envFile: string, app: ProjectApp, apps: readonly ProjectApp[]): boolean {
  const file = resolve(app.root, envFile);
  const owner = apps.find(({ folder, path }) => path !== '.' && isWithin(folder, file));
  return owner !== undefined && owner !== app;
}

async function gatherAuthConfig(
  { folder, package: owner }: ConvexFolder,
  { root, top }: ProjectApp,
  deploymentEnv: Readonly<Record<string, string>> | undefined,
  env: ProjectEvidence['env'],
  tell: StepWords,
): Promise<AuthConfigEvidence> {
  for (const name of ['auth.config.ts', 'auth.config.mts', 'auth.config.js', 'auth.config.mjs', 'auth.config.cjs']) {
    const file = join(folder, name);
    const shown = pathFrom(root, file);
    const reading = await readText(file);
    if (reading.status === 'missing') continue;
    const evidence: AuthConfigEvidence =
      reading.status === 'unreadable'
        ? // Convex bundles it, and the bundler takes it for UTF-8.
          { status: 'unreadable', file: shown, reason: reading.reason, ...(reading.isUtf16 && { isBroken: true }) }
        : readAuthConfig({
            text: reading.text,
            file: shown,
            env: deploymentEnv ?? Object.fromEntries(env.map((variable) => [variable.name, variable.value])),
            isDeployment: deploymentEnv !== undefined,
            imports: await configModules(file, { folder: owner, top, root }),
          });
    tell.detail(evidence.status === 'unreadable' ? `${shown}: ${evidence.reason}` : shown);
    return evidence;
  }
  tell.detail('there is none');
  return { status: 'missing', expected: pathFrom(root, join(folder, 'auth.config.ts')) };
}

interface Functions {
  readonly files: readonly SourceFile[];
  readonly readsClerkSecretKey: readonly string[];
  readonly usesUsersTable: readonly string[];
  readonly tables?: readonly string[];
}
const noFunctions: Functions = { files: [], readsClerkSecretKey: [], usesUsersTable: [] };

async function gatherFunctions({ convex, root }: ProjectApp, tell: StepWords): Promise<Functions> {
  if (!convex) {
    tell.detail('there are no Convex functions');
    return noFunctions;
  }
  const files = await sourceFilesIn(convex.folder, root, await componentsIn(convex.folder), tell.skipped);
  const schema = files.find(({ local }) => /^schema\.[cm]?[jt]s$/.test(local));
  const tables = schema && schemaTables(schema);
  tell.detail(pathFrom(root, convex.folder));
  return {
    files,
    readsClerkSecretKey: readsClerkSecretKey(files),
    usesUsersTable: usesUsersTable(files),
    ...(tables && { tables }),
  };
}

/** Components bring tables and functions of their own, which are not the app's (convex 1.48: folders with a convex.config). As patterns. */
async function componentsIn(folder: string): Promise<readonly string[]> {
  const configs = await listFiles(folder, ['*/**/convex.config.{ts,mts,js,mjs}']);
  return configs.map((config) => `${asPattern(posix.dirname(config))}/**`);
}

const asPattern = (path: string): string => path.replace(/[()[\]{}!*?@+]/g, '\\$&');

interface Browser {
  readonly files: readonly SourceFile[];
  readonly providers: ProjectEvidence['source']['providers'];
  readonly readsEnv: readonly string[];
  readonly handedOn: readonly string[];
}
const noBrowser: Browser = { files: [], providers: [], readsEnv: [], handedOn: [] };

/** The functions and the other packages of the workspace are no part of an app around them. As patterns, from its folder. */
function otherFolders(app: ProjectApp): readonly string[] {
  const others = app.convex ? [app.convex.folder, ...app.others] : app.others;
  return others
    .filter((folder) => folder !== app.folder && isWithin(app.folder, folder))
    .map((folder) => `${asPattern(pathFrom(app.folder, folder))}/**`);
}

/** In the app and its functions; what belongs to no app is the first one's. */
async function gatherSecrets(
  app: ProjectApp,
  apps: readonly ProjectApp[],
  git: Git,
  envFiles: ReadonlySet<string>,
  tell: StepWords,
): Promise<ProjectEvidence['secretsInFiles']> {
  const { root, convex } = app;
  const scopes = new Set([root, ...(convex && !isWithin(root, convex.package) ? [convex.package] : [])]);
  const files = new Map<string, string>();
  for (const scope of scopes) {
    const tracked = await git.trackedIn(scope);
    if (!tracked) {
      tell.skipped('there is no git repository that can be asked');
      return [];
    }
    for (const path of tracked) {
      const owner =
        apps.find((other) => other.path !== '.' && isWithin(other.folder, path)) ??
        apps.find(({ path: own }) => own === '.') ??
        apps[0];
      const shown = pathFrom(root, path);
      // An env file that git tracks has a finding of its own.
      if (owner === app && mayHoldSecrets(shown) && !envFiles.has(shown)) files.set(path, shown);
    }
  }
  tell.detail(`${files.size} ${files.size === 1 ? 'file' : 'files'} looked at`);
  return secretsInFiles([...files].map(([path, shown]) => ({ path, shown })));
}
