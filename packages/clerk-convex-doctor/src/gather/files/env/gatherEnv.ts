import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { EnvFile, EnvVariable } from 'clerk-convex-resilience/diagnosis';
import type { StepWords } from '../fileSteps.ts';
import type { Git } from '../git/git.ts';
import type { ProjectApp } from '../project/projectApps.ts';
import { pathFrom } from '../project/workspace.ts';
import { isFile, readText } from '../readText.ts';
import { isSecret } from '../secrets/isSecret.ts';
import { type EnvPlaces, envPlaces } from './envPlaces.ts';
import { parseEnvFile } from './parseEnvFile.ts';
import { expands, expandValue } from './precedence.ts';

export interface EnvQuestion {
  readonly app: ProjectApp;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  /** In place of the app's own files. */
  readonly envFile: string | undefined;
  readonly isProduction: boolean;
  readonly git: Git;
}

export interface EnvAnswer {
  readonly env: readonly EnvVariable[];
  readonly envFiles: readonly EnvFile[];
  /** Where a name that is missing belongs, as it is shown; the file may not be there yet. */
  readonly envTarget?: string;
}

/** Nobody writes a longer one, in bytes. */
const envLimit = 262_144;

/** The variables as the app would get them, and the files that are there, also those of another mode. */
export async function gatherEnv(question: EnvQuestion, tell: StepWords): Promise<EnvAnswer> {
  const { app, processEnv, envFile, isProduction, git } = question;
  const { root } = app;
  const given = envFile === undefined ? undefined : await locate(envFile, app);
  if (envFile !== undefined && given === undefined) tell.skipped(`there is no file ${envFile}`);
  const places = await envPlaces(app, isProduction ? 'production' : 'development');
  const counting = envFile === undefined ? [...places.scripts, ...places.own] : given === undefined ? [] : [given];

  const inFiles = new Map<string, EnvVariable>();
  const envFiles: EnvFile[] = [];
  const read = new Map<string, readonly EnvVariable[] | undefined>();
  const variablesOf = async (file: string): Promise<readonly EnvVariable[]> => {
    if (!read.has(file)) {
      const variables = await readEnv(file, root, tell);
      if (variables === 'utf-16') envFiles.push({ file: pathFrom(root, file), hasSecrets: false, isUtf16: true });
      else if (variables) envFiles.push(await describe(file, variables, question));
      read.set(file, variables === 'utf-16' ? undefined : variables);
    }
    return read.get(file) ?? [];
  };
  /** Answers whether it has a variable that counts. */
  const take = async (file: string, counts: (name: string) => boolean): Promise<boolean> => {
    const added = (await variablesOf(file)).filter(({ name }) => counts(name) && !inFiles.has(name));
    for (const variable of added) inFiles.set(variable.name, variable);
    return added.length > 0;
  };
  for (const file of counting) await take(file, () => true);
  // The keys and the deployment in them are those of this machine.
  for (const file of given === undefined ? [] : filesBeneath(given))
    await take(file, (name) => !ofDeployment.has(name) && !secretNames.test(name));
  for (const folder of new Set([app.folder, places.folder]))
    for (const file of await envFilesIn(folder)) await variablesOf(file);
  // `npx convex dev` writes which deployment it is into the package of the functions: not that of a file that was asked for.
  if (envFile === undefined && app.convex && app.convex.package !== app.folder) {
    for (const name of ['.env.local', '.env'])
      await take(join(app.convex.package, name), (variable) => ofDeployment.has(variable));
  }
  let shared: string | undefined;
  if (envFile === undefined) {
    const hasServer = app.framework === 'next' || app.framework === 'tanstack-start';
    // A secret of another app's server is nothing to an app that has none.
    const counts = (name: string): boolean => concernsAuth(name) && (hasServer || !secretNames.test(name));
    for (const file of places.above) if (await take(file, counts)) shared ??= file;
  }

  const counted = new Map(inFiles);
  for (const [name, value] of Object.entries(processEnv)) {
    if (value === undefined || !concernsAuth(name)) continue;
    // A file that was asked for is the environment of another machine: what is set on this one only fills its gaps.
    if (given !== undefined && counted.has(name)) continue;
    counted.set(name, { name, value });
  }
  const lookUp = (name: string): string | undefined => counted.get(name)?.value ?? processEnv[name];
  const env = [...counted.values()].map((variable) =>
    variable.at !== undefined && expands(app.framework)
      ? { ...variable, value: expandValue(variable.value, lookUp) }
      : variable,
  );
  tell.detail(envFiles.length === 0 ? 'none' : envFiles.map(({ file }) => file).join(', '));
  const target = envFile === undefined ? await targetOf(places, shared, git) : given;
  return { env, envFiles, ...(target !== undefined && { envTarget: pathFrom(root, target) }) };
}

/**
 * What a script names; else what the app has, the more private first; else what it shares with others; else a new one. Never
 * one that git tracks, as a secret may be filled in there.
 */
async function targetOf({ scripts, folder }: EnvPlaces, shared: string | undefined, git: Git): Promise<string> {
  const [named] = scripts;
  const mostPrivate = join(folder, '.env.local');
  for (const file of [named, mostPrivate, join(folder, '.env'), shared]) {
    // A script may name one that is still to be made.
    const counts = file !== undefined && (file === named || (await isFile(file)));
    if (counts && (await git.statusOf(file)) !== 'tracked') return file;
  }
  return mostPrivate;
}

const ofDeployment = new Set(['CONVEX_DEPLOYMENT', 'CONVEX_DEPLOY_KEY', 'CONVEX_SELF_HOSTED_URL']);

/** Of the process, nothing is taken that is of no concern here. */
const concernsAuth = (name: string): boolean =>
  /CLERK|CONVEX|SVIX|WEBHOOK|^NODE_ENV$|^(NEXT_PUBLIC|VITE|EXPO_PUBLIC)_/.test(name);

async function readEnv(
  file: string,
  root: string,
  tell: StepWords,
): Promise<readonly EnvVariable[] | 'utf-16' | undefined> {
  const reading = await readText(file, envLimit);
  if (reading.status === 'missing') return undefined;
  const shown = pathFrom(root, file);
  if (reading.status === 'unreadable') {
    tell.skipped(`${shown}: ${reading.reason}`);
    return reading.isUtf16 && 'utf-16';
  }
  return parseEnvFile(reading.text).map(({ name, value, line }) => ({ name, value, at: `${shown}:${line}` }));
}

async function describe(
  file: string,
  variables: readonly EnvVariable[],
  { app: { root }, envFile, git }: EnvQuestion,
): Promise<EnvFile> {
  const status = await git.statusOf(file);
  // A `.local` one is for trying out a build on this machine; where one file was asked for, no other matters.
  const isShipped = envFile === undefined && isForProduction(file) && !file.endsWith('.local');
  const testKey = isShipped ? variables.find(isTestKey) : undefined;
  return {
    file: pathFrom(root, file),
    hasSecrets: variables.some(({ name, value }) => isSecret(value) || (secretNames.test(name) && isFilled(value))),
    ...(status !== undefined && { git: status }),
    ...(testKey?.at !== undefined && { testKey: { name: testKey.name, at: testKey.at } }),
  };
}

const isTestKey = ({ name, value }: EnvVariable): boolean =>
  name.includes('CLERK') && name.includes('PUBLISHABLE') && value.startsWith('pk_test_');

const secretNames =
  /^(CLERK_SECRET_KEY|CONVEX_DEPLOY_KEY|CONVEX_SELF_HOSTED_ADMIN_KEY|[A-Z_]*WEBHOOK(_SIGNING)?_SECRET)$/;
const isFilled = (value: string): boolean =>
  value.length >= 20 && !/your|xxx|example|placeholder|\.\.\.|[<>…]/i.test(value);

/** Every `.env` and `.env.*` but the patterns that are meant to be shared. */
async function envFilesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(
      (name) =>
        /^\.env($|\.)/.test(name) && !/\.(example|sample|template|dist|defaults?|schema|md|bak)($|\.)/.test(name),
    )
    .filter((name) => !name.includes('backup'))
    .sort()
    .slice(0, 50)
    .map((name) => join(folder, name));
}

/** Every framework reads `.env` beneath `.env.production`, and both beneath `.env.production.local`: a build has what only these have. */
function filesBeneath(given: string): readonly string[] {
  const [, mode, local] = /^\.env\.([\w-]+)(\.local)?$/.exec(basename(given)) ?? [];
  if (mode === undefined) return [];
  const names = local === undefined ? ['.env'] : [`.env.${mode}`, '.env'];
  return names.map((name) => join(dirname(given), name));
}

async function locate(envFile: string, app: ProjectApp): Promise<string | undefined> {
  const places = isAbsolute(envFile)
    ? [envFile]
    : [join(app.folder, envFile), join(app.root, envFile), resolve(envFile)];
  for (const place of places) if (await isFile(place)) return place;
  return undefined;
}

/** The env file or NODE_ENV says so. */
export const isProductionEnv = (
  envFile: string | undefined,
  processEnv: Readonly<Record<string, string | undefined>>,
): boolean => (envFile === undefined ? processEnv.NODE_ENV === 'production' : isForProduction(envFile));

const isForProduction = (file: string): boolean => /(^|[._-])prod(uction)?([._-]|$)/i.test(basename(file));
