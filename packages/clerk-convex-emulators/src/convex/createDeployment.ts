import { keepNewest } from '../keepNewest.ts';
import { authenticate, type Identity } from './authentication.ts';
import { type Commit, createDatabase, type Database, emptyState } from './createDatabase.ts';
import { createScheduler } from './createScheduler.ts';
import {
  canonicalPath,
  executeFunction,
  type FunctionCall,
  type FunctionOutcome,
  findFunction,
  type Runtime,
} from './executeFunction.ts';
import { createAskProvider } from './fetchPublicKeys.ts';
import { createFunctionConsole } from './functionConsole.ts';
import { type LoadedFunctions, loadFunctions } from './loadFunctions.ts';
import { createMutationAnswers, type MutationAnswers } from './mutationAnswers.ts';
import { loadState, saveState } from './stateFile.ts';
import type { FunctionRun } from './types.ts';

export interface DeploymentOptions {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly redactErrors: boolean;
  readonly stateFile: string | undefined;
  readonly onLog: (line: string) => void;
}

/** The backend behind the sockets and the HTTP API: functions, documents, identities. */
export interface Deployment {
  readonly functions: LoadedFunctions;
  readonly database: Database;
  readonly runs: FunctionRun[];
  execute(call: FunctionCall): Promise<FunctionOutcome>;
  /** Captures what a function outside `execute` prints, as an HTTP action. */
  readonly runtime: Runtime;
  /** Verifies a token. Throws `ConvexServerError`. */
  authenticate(token: string): Promise<Identity>;
  /** Runs a mutation once for each request of a session, however often it is asked for. */
  readonly mutateOnce: MutationAnswers['once'];
  /** Calls back after each commit and push; returns its undo. */
  onChange(listener: () => void): () => void;
  push(env: Readonly<Record<string, string>>): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Loads the folder and the state. Throws `EmulatorError` when the folder does not load, or the state file is of no use. */
export async function createDeployment(options: DeploymentOptions): Promise<Deployment> {
  const functionConsole = createFunctionConsole();
  const ask = createAskProvider();
  const load = (env: Readonly<Record<string, string>>, retry: 'start again' | 'push again') =>
    loadFunctions({ dir: options.dir, env, console: functionConsole.console, retry });
  let functions = await load(options.env, 'start again');
  const kept = options.stateFile === undefined ? undefined : await loadState(options.stateFile);

  const runs: FunctionRun[] = [];
  const answers = createMutationAnswers(kept?.responses);
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const saver =
    options.stateFile === undefined
      ? undefined
      : saveState(options.stateFile, () => ({ database: database.read(), responses: answers.read() }));

  const onCommit = ({ documents }: Commit) => {
    scheduler.watch(documents);
    saver?.schedule();
    changed();
  };
  const database = createDatabase(functions, onCommit);
  const runtime: Runtime = {
    get functions() {
      return functions;
    },
    database,
    console: functionConsole,
    redact: options.redactErrors,
    noteRun: (run) => keepNewest(runs, run),
    print: options.onLog,
  };
  const execute = (call: FunctionCall) => executeFunction(runtime, call);
  const scheduler = createScheduler({
    database,
    run: (path, args) => execute({ ...kindOf(functions, path), path, args, identity: null, caller: 'scheduler' }),
  });
  if (kept) await database.restore(kept.database);
  // A file that cannot be written is said now, not when the documents of a day are lost.
  await saver?.save();
  if (kept) scheduler.watch(kept.database.documents);

  return {
    get functions() {
      return functions;
    },
    database,
    runs,
    runtime,
    execute,
    authenticate: (token) =>
      authenticate(token, { providers: functions.authProviders, redact: options.redactErrors, ask, now: Date.now() }),
    async mutateOnce(key, run) {
      const response = await answers.once(key, run);
      saver?.schedule();
      return response;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async push(env) {
      const next = await load(env, 'push again');
      await database.load(next);
      functions = next;
      changed();
    },
    async reset() {
      scheduler.stop();
      await database.restore(emptyState);
      answers.clear();
      runs.length = 0;
      saver?.schedule();
      changed();
    },
    async close() {
      scheduler.stop();
      listeners.clear();
      await saver?.close();
    },
  };
}

function kindOf(functions: LoadedFunctions, path: string): { kind: FunctionCall['kind'] } {
  return { kind: findFunction(functions, canonicalPath(path))?.kind ?? 'mutation' };
}
