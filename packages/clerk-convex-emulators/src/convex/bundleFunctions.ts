import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type BuildFailure, build, type Message, type Plugin } from 'esbuild';
import { EmulatorError } from '../errors.ts';
import { type FunctionFiles, findModules } from './findModules.ts';

/** A folder as one script, whose modules run when they are asked for. */
export interface FunctionBundle {
  readonly code: string;
  readonly sourceMap: string;
  readonly files: FunctionFiles;
}

/** What stands in for `_generated/` in a folder where codegen has not run. */
const generated: Readonly<Record<string, string>> = {
  server: `export { queryGeneric as query, mutationGeneric as mutation, actionGeneric as action, httpActionGeneric as httpAction,
    internalQueryGeneric as internalQuery, internalMutationGeneric as internalMutation, internalActionGeneric as internalAction } from 'convex/server';`,
  api: `import { anyApi, componentsGeneric } from 'convex/server';
    export const api = anyApi; export const internal = anyApi; export const components = componentsGeneric();`,
  dataModel: 'export {};',
};

const generatedWhenAbsent: Plugin = {
  name: 'generated-when-absent',
  setup(plugin) {
    plugin.onResolve({ filter: /(?:^|\/)_generated\/(?:server|api|dataModel)(?:\.[jt]s)?$/ }, (args) => {
      const base = resolve(args.resolveDir, args.path).replace(/\.[jt]s$/, '');
      if (['.ts', '.js', '.tsx', '.mjs'].some((suffix) => existsSync(base + suffix))) return undefined;
      return { path: base, namespace: 'generated', pluginData: args.resolveDir };
    });
    plugin.onLoad({ filter: /.*/, namespace: 'generated' }, (args) => ({
      contents: generated[args.path.slice(args.path.lastIndexOf('/') + 1)] ?? '',
      resolveDir: args.pluginData as string,
    }));
  },
};

/**
 * Bundles a `convex/` folder with all that it imports, packages included, as a deployment does: so each emulator has its
 * own copy of everything, and `process` and `console` inside it are whatever the script is given.
 * Throws `EmulatorError` `functions_invalid` that names file, line and mend; `retry` says what to do after that.
 */
export async function bundleFunctions(dir: string, retry: string): Promise<FunctionBundle> {
  const files = findModules(dir);
  const entries = [...files.modules, ...(files.authConfig ? [['auth.config', files.authConfig] as const] : [])];
  const contents = entries
    .map(([path, file]) => `${JSON.stringify(path)}: () => import(${JSON.stringify(file)}),`)
    .join('\n');
  try {
    const { outputFiles } = await build({
      stdin: {
        contents: `export const modules = {\n${contents}\n};`,
        resolveDir: dir,
        sourcefile: 'convex-emulator-entry.js',
      },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      // As `convex dev` does (convex/src/bundler/index.ts 1.48).
      conditions: ['convex', 'module'],
      define: {
        'process.env.NODE_ENV': '"production"',
        'globalThis.process': 'process',
        'globalThis.console': 'console',
      },
      target: 'node20',
      jsx: 'automatic',
      keepNames: true,
      outfile: resolve(dir, 'functions.js'),
      sourcemap: 'external',
      sourcesContent: false,
      write: false,
      logLevel: 'silent',
      plugins: [generatedWhenAbsent],
    });
    const text = (suffix: string) => outputFiles.find((file) => file.path.endsWith(suffix))?.text ?? '';
    return { code: text('functions.js'), sourceMap: text('functions.js.map'), files };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new EmulatorError('functions_invalid', describe(dir, error.errors, retry), { cause: error });
  }
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);

function describe(dir: string, errors: readonly Message[], retry: string): string {
  const lines = errors.map(({ text, location }) => {
    if (!location) return text;
    // esbuild names files from the working directory; say them as the app's author does: convex/messages.ts:4.
    const file = relative(dirname(dir), resolve(location.file));
    return `${file}:${location.line}:${location.column + 1}: ${text}\n  ${location.lineText.trim()}`;
  });
  return `The functions in ${dir} do not build:\n${lines.join('\n')}\nMend ${lines.length === 1 ? 'that line' : 'these lines'}, then ${retry}.`;
}
