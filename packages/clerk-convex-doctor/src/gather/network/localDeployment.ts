import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseEnvFile } from '../files/env/parseEnvFile.ts';
import { textOf } from '../files/readText.ts';
import { ask, isFault } from './ask.ts';
import { isObject, jsonOf } from './json.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Is the deployment one of this machine that does not run? The Convex CLI would start its server for the question, and fetch
 * that where it is not there (withRunningBackend in convex 1.48). `folder`: where the CLI is run. Never throws.
 */
export async function isStoppedLocally(folder: string, env: Env, timeoutMs: number): Promise<boolean> {
  const named = await deploymentOf(folder, env);
  if (!named) return false;
  const home = join(env.HOME || env.USERPROFILE || homedir(), '.convex');
  const kind = named.startsWith('anonymous-') ? 'anonymous-convex-backend-state' : 'convex-backend-state';
  for (const place of [join(folder, '.convex/local/default'), join(home, kind, named)]) {
    const config = jsonOf({ body: (await textOf(join(place, 'config.json'))) ?? '' });
    if (!isObject(config) || (config.deploymentName && config.deploymentName !== named)) continue;
    const port = isObject(config.ports) ? config.ports.cloud : undefined;
    if (typeof port !== 'number' || !URL.canParse(`http://127.0.0.1:${port}`)) return true;
    const answer = await ask(new URL(`http://127.0.0.1:${port}/instance_name`), { timeoutMs });
    return isFault(answer) || answer.status !== 200 || answer.body !== named;
  }
  return true;
}

/** The name of the deployment where it is one of this machine, as the CLI finds it: in the environment, .env.local, .env. */
async function deploymentOf(folder: string, env: Env): Promise<string | undefined> {
  const files = await Promise.all(['.env.local', '.env'].map((file) => textOf(join(folder, file), 262_144)));
  const values = files.map((text) =>
    Object.fromEntries(parseEnvFile(text ?? '').map(({ name, value }) => [name, value])),
  );
  const lookUp = (name: string): string => [env, ...values].find((each) => each[name] !== undefined)?.[name] ?? '';
  // The key tells the deployment, and its kind.
  const named = lookUp('CONVEX_DEPLOY_KEY') || lookUp('CONVEX_DEPLOYMENT_TOKEN') || lookUp('CONVEX_DEPLOYMENT');
  const [kind, name] = /^(?:(\w+):)?([\w-]+)/.exec(named)?.slice(1) ?? [];
  return kind === 'local' || name?.startsWith('anonymous-') ? name : undefined;
}
