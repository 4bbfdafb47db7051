import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { redactText } from 'clerk-convex-resilience/diagnosis';
import type { DoctorOptions } from '../../types.ts';
import { deploymentNames, namesDeployment } from '../files/env/deploymentNames.ts';
import { isCommitted } from '../files/git/isCommitted.ts';
import { isStoppedLocally } from './localDeployment.ts';
import { networkStep, offlineReason } from './networkSteps.ts';
import { readEnvList } from './readEnvList.ts';
import { type Ran, runConvexCli } from './runConvexCli.ts';

type AskOptions = Pick<DoctorOptions, 'offline' | 'askConvex' | 'processEnv' | 'onStep'> & {
  /** What the env file that was asked for, or the shell, says of the deployment. @defaultValue the deployment of .env.local */
  readonly named?: Readonly<Record<string, string>>;
  /** For all that is asked. @defaultValue 10000 */
  readonly convexTimeoutMs?: number;
};

/**
 * Asks the deployment for its environment variables: `convex env list`, run as the Convex CLI that the project has installed,
 * in the folder that holds `convex/`. Never `npx` of a package that is not there: that would be a download; and nothing that
 * came with the repository, where anybody may have put anything under that name. Undefined where there is no CLI, no deployment,
 * no access to it, or no answer in time; `onStep` is told why. Never throws.
 */
export async function askConvexEnv(
  folder: string,
  options: AskOptions = {},
): Promise<Readonly<Record<string, string>> | undefined> {
  const tell = (status: 'started' | 'done' | 'skipped', detail?: string) =>
    options.onStep?.(networkStep('convex-env', status, detail === undefined ? undefined : redactText(detail)));
  const skip = (why: string) => {
    tell('skipped', why);
    return undefined;
  };
  if (options.offline) return skip(offlineReason);
  if (options.askConvex === false) return skip('Not asked for.');
  if (options.named && !namesDeployment(options.named)) return skip(unnamed);
  const cli = findCli(folder);
  if (!cli) return skip("The package 'convex' is not installed: install the project's dependencies first.");
  if (typeof cli === 'string') return skip(cli);
  const isOfRepository = await isCommitted(cli.folder);
  if (isOfRepository !== false) return skip(isOfRepository ? committed : unknown);

  tell('started');
  const env = { ...forConvex(options.processEnv ?? process.env), ...(options.named && { ...unset, ...options.named }) };
  const patienceMs = options.convexTimeoutMs ?? 10_000;
  const until = performance.now() + patienceMs;
  if (await isStoppedLocally(folder, env, patienceMs)) return skip(stopped);
  const tooLate = `No answer within ${patienceMs / 1000} s.`;
  const run = async (...args: readonly string[]): Promise<Ran> => {
    const timeoutMs = Math.ceil(until - performance.now());
    return timeoutMs > 0
      ? runConvexCli(cli.file, ['env', 'list', ...args], { cwd: folder, env, timeoutMs, tooLate })
      : { ok: false, why: tooLate };
  };
  // Convex 1.48 lists names only to a coding agent, unless it is told to; earlier ones do not know the option.
  let listed = await run('--include-values');
  if (!listed.ok && /unknown option/i.test(listed.why)) listed = await run();
  if (!listed.ok) return skip(listed.why);
  const variables = readEnvList(listed.output);
  const count = Object.keys(variables).length;
  if (count === 0 && /^\w+$/m.test(listed.output)) return skip('The Convex CLI lists names without values.');
  tell('done', `${count} ${count === 1 ? 'variable' : 'variables'}`);
  return variables;
}

/** The CLI fills in what is not set from .env.local, which names another deployment; what is blank it takes for not named. */
const unset = Object.fromEntries(deploymentNames.map((name) => [name, '']));

const unnamed =
  'The env file names no deployment, and that of .env.local is another: put its CONVEX_DEPLOY_KEY there, or into the environment.';
const stopped =
  'The deployment is one of this machine, and does not run: start it with `npx convex dev`. Asked now, the Convex CLI would start it.';
const committed =
  "The package 'convex' in node_modules is in git: what a repository brings is not run. Take it out of git, and install it.";
const unknown =
  "Whether the package 'convex' in node_modules came with the repository cannot be told, since git does not answer: it is not run.";

interface Cli {
  /** The package's, without links. */
  readonly folder: string;
  readonly file: string;
}

/** `bin` of the package `convex` that the folder would import; or why that is not run. */
function findCli(folder: string): Cli | string | undefined {
  try {
    const manifest = realpathSync(createRequire(resolve(folder, 'package.json')).resolve('convex/package.json'));
    const { name, bin } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      readonly name?: unknown;
      readonly bin?: unknown;
    };
    const given = typeof bin === 'string' ? bin : (bin as { readonly convex?: unknown } | undefined)?.convex;
    if (typeof given !== 'string') return undefined;
    const own = dirname(manifest);
    const file = realpathSync(join(own, given));
    return name === 'convex' && file.startsWith(`${own}${sep}`)
      ? { folder: own, file }
      : "What is called 'convex' in node_modules is not that package: it is not run.";
  } catch {
    return undefined;
  }
}

/** What the Convex CLI needs: the system's own, the way to the network, and its own settings. A NODE_OPTIONS is none of these. */
const needed =
  /^(?:PATH|PATHEXT|HOME|HOMEDRIVE|HOMEPATH|USERPROFILE|(?:LOCAL)?APPDATA|PROGRAMDATA|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|TEMP|TMP|TMPDIR|XDG_\w+|LANG|LC_\w+|CI|(?:HTTPS?|ALL|NO)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|CONVEX_\w+)$/i;
const forConvex = (env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => needed.test(name)));
