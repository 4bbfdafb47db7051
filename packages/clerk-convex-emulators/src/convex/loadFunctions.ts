import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { GenericSchema, SchemaDefinition } from 'convex/server';
import { EmulatorError } from '../errors.ts';
import { type AuthProvider, readAuthProviders } from './authProviders.ts';
import { bundleFunctions } from './bundleFunctions.ts';
import { createStackReader, type ReadStack } from './sourcePositions.ts';

/** A `convex/` folder, loaded. */
export interface LoadedFunctions {
  /** By module path: `messages`, `admin/users`. */
  readonly modules: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly schema: SchemaDefinition<GenericSchema, boolean> | undefined;
  readonly authProviders: readonly AuthProvider[];
  readonly readStack: ReadStack;
}

export interface LoadOptions {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  /** What functions see as `console`. */
  readonly console: Pick<Console, 'log'>;
  /** What to do once the folder is mended, for errors: a folder that fails at the start has nothing to be pushed to. */
  readonly retry: 'start again' | 'push again';
}

type Importers = Readonly<Record<string, () => Promise<Record<string, unknown>>>>;
let scripts = 0;

/**
 * Bundles and evaluates a folder; every module runs once, so that what fails at import fails the push.
 * Throws `EmulatorError`: `invalid_option`, `functions_invalid` or `auth_config_missing_env`.
 */
export async function loadFunctions({ dir, env, console, retry }: LoadOptions): Promise<LoadedFunctions> {
  const bundle = await bundleFunctions(dir, retry);
  const scriptName = `convex-functions-${++scripts}.js`;
  const readStack = createStackReader(scriptName, bundle.sourceMap, dir);
  const evaluate = (processEnv: Readonly<Record<string, string>>): Importers => {
    const module = { exports: {} as { modules?: Importers } };
    // A function's parameters hide the globals of the same name: no emulator sees another's environment, or this process's.
    const script = compileFunction(bundle.code, ['module', 'exports', 'require', 'process', 'console'], {
      filename: scriptName,
    });
    const process = Object.create(globalThis.process, { env: { value: processEnv, enumerable: true } });
    script(module, module.exports, createRequire(join(dir, 'index.js')), process, console);
    return module.exports.modules ?? {};
  };
  const importers = evaluate(env);

  const modules = new Map<string, Readonly<Record<string, unknown>>>();
  for (const path of bundle.files.modules.keys()) {
    try {
      modules.set(path, (await importers[path]?.()) ?? {});
    } catch (error) {
      throw new EmulatorError('functions_invalid', failedImport(`${path}.js`, error, readStack, retry), {
        cause: error,
      });
    }
  }
  return {
    modules,
    schema: modules.get('schema')?.default as LoadedFunctions['schema'],
    // auth.config is evaluated apart: there, and only there, a missing variable fails the push.
    authProviders: bundle.files.authConfig ? await loadAuthConfig(evaluate(strictEnv(env)), readStack, retry) : [],
    readStack,
  };
}

class MissingVariable extends Error {}

async function loadAuthConfig(
  importers: Importers,
  readStack: ReadStack,
  retry: string,
): Promise<readonly AuthProvider[]> {
  let config: unknown;
  try {
    config = (await importers['auth.config']?.())?.default;
  } catch (error) {
    if (error instanceof MissingVariable) throw new EmulatorError('auth_config_missing_env', error.message);
    throw new EmulatorError('functions_invalid', failedImport('auth.config.js', error, readStack, retry), {
      cause: error,
    });
  }
  return readAuthProviders(config);
}

/** The text of crates/isolate/src/environment/auth_config.rs, then what to do here. */
function strictEnv(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return new Proxy(env, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return target[String(name)];
      throw new MissingVariable(
        `Environment variable ${name} is used in auth config file but its value was not set. Give it in \`env\`; for a real deployment, use \`npx convex env set\`.`,
      );
    },
  });
}

function failedImport(file: string, error: unknown, readStack: ReadStack, retry: string): string {
  const [name, message, stack] =
    error instanceof Error ? [error.name, error.message, readStack(error)] : ['Error', String(error), []];
  return [`Failed to analyze ${file}: Uncaught ${name}: ${message}`, ...stack, `Mend it, then ${retry}.`].join('\n');
}
