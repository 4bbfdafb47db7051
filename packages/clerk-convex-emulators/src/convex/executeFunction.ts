import { randomBytes } from 'node:crypto';
import { makeFunctionReference } from 'convex/server';
import { type ConvexError, convexToJson, type JSONValue, jsonToConvex, type Value } from 'convex/values';
import type { Identity } from './authentication.ts';
import type { Database, Footprint } from './createDatabase.ts';
import type { Engine } from './engineInternals.ts';
import type { FunctionConsole } from './functionConsole.ts';
import type { LoadedFunctions } from './loadFunctions.ts';
import type { FunctionRun } from './types.ts';

export type FunctionKind = 'query' | 'mutation' | 'action';

export interface FunctionCall {
  readonly kind: FunctionKind;
  /** As a client writes it: `messages:list`, `messages.js:list`, `messages` for a default export. */
  readonly path: string;
  readonly args: JSONValue | undefined;
  readonly identity: Identity | null;
  readonly session?: string;
  /** Where its page ended last time. */
  readonly journal?: string | null;
  /** The scheduler may call internal functions; clients may not. */
  readonly caller?: 'client' | 'scheduler';
}

export type FunctionOutcome = { readonly logLines: readonly string[]; readonly footprint: Footprint } & (
  | { readonly ok: true; readonly value: JSONValue }
  | { readonly ok: false; readonly message: string; readonly errorData: JSONValue | undefined }
);

/** What functions run in. */
export interface Runtime {
  readonly functions: LoadedFunctions;
  readonly database: Database;
  readonly console: FunctionConsole;
  readonly redact: boolean;
  noteRun(run: FunctionRun): void;
  print(line: string): void;
}

/** Runs one function for a client, an HTTP request or the scheduler. Never rejects: what goes wrong is the outcome. */
export async function executeFunction(runtime: Runtime, call: FunctionCall): Promise<FunctionOutcome> {
  const { database, redact } = runtime;
  const at = Date.now();
  const path = canonicalPath(call.path);
  const logLines: string[] = [];
  const execution = await runtime.console.capture(logLines, () =>
    database.execute(async (engine) => {
      const problem = findProblem(runtime.functions, call, path);
      if (problem) throw new Refusal(problem);
      return convexToJson(((await run(engine, call, path)) ?? null) as Value);
    }, call.journal),
  );
  const identity = call.identity?.user.subject ?? null;
  const session = call.session === undefined ? {} : { session: call.session };
  runtime.noteRun({ at, kind: call.kind, path, identity, ...session, ok: execution.ok });
  for (const line of logLines) runtime.print(`[CONVEX ${call.kind[0]?.toUpperCase()}(${path})] ${line}`);

  const visible = { logLines: redact ? [] : logLines, footprint: execution.footprint };
  if (execution.ok) return { ok: true, value: execution.value, ...visible };
  const { error } = execution;
  const text = `[Request ID: ${randomBytes(8).toString('hex')}] Server Error`;
  return {
    ok: false,
    message: redact ? text : `${text}\n${describeError(error, runtime.functions)}`,
    errorData: isConvexError(error) ? convexToJson(error.data) : undefined,
    ...visible,
  };
}

function run(engine: Engine, { kind, args, identity }: FunctionCall, path: string): Promise<unknown> {
  const as = identity ? engine.withIdentity(identity.user) : engine;
  const values = jsonToConvex(args ?? {}) as Record<string, never>;
  switch (kind) {
    case 'query':
      return as.query(makeFunctionReference<'query'>(path), values);
    case 'mutation':
      return as.mutation(makeFunctionReference<'mutation'>(path), values);
    case 'action':
      return as.action(makeFunctionReference<'action'>(path), values);
    default:
      return kind satisfies never;
  }
}

/** `messages.js:list` and `messages` as `messages:list` and `messages:default` (convex/src/browser/sync/udf_path_utils.ts, 1.48). */
export function canonicalPath(path: string): string {
  const [module = '', name = 'default'] = path.split(':');
  return `${module.replace(/\.js$/, '')}:${name}`;
}

interface Registered {
  readonly isQuery?: boolean;
  readonly isMutation?: boolean;
  readonly isAction?: boolean;
  readonly isPublic?: boolean;
}

/** What a module exports under a path, when it is a function of Convex. */
export function findFunction(
  functions: LoadedFunctions,
  path: string,
): { kind: FunctionKind; isPublic: boolean } | undefined {
  const [module = '', name = ''] = path.split(':');
  const found = functions.modules.get(module)?.[name] as Registered | undefined;
  const kind = found?.isQuery ? 'query' : found?.isMutation ? 'mutation' : found?.isAction ? 'action' : undefined;
  return kind && { kind, isPublic: found?.isPublic === true };
}

/** The texts of crates/udf/src/validation.rs; an internal function is, to a client, one that is not there. */
function findProblem(functions: LoadedFunctions, { kind, caller }: FunctionCall, path: string): string | undefined {
  const found = findFunction(functions, path);
  const shown = path.replace(/:default$/, '');
  if (!found || (!found.isPublic && caller !== 'scheduler')) return `Could not find public function for '${shown}'.`;
  if (found.kind === kind) return undefined;
  const named = (name: FunctionKind) => name[0]?.toUpperCase() + name.slice(1);
  return `Trying to execute ${path.replace(':', '.js:')} as ${named(kind)}, but it is defined as ${named(found.kind)}.`;
}

/** A text that goes to the client as it is. */
class Refusal extends Error {}

function describeError(error: unknown, functions: LoadedFunctions): string {
  if (error instanceof Refusal) return `${error.message}\n`;
  if (!(error instanceof Error)) return `Uncaught ${String(error)}\n`;
  const name = isConvexError(error) ? 'ConvexError' : error.name;
  return [`Uncaught ${name}: ${error.message}`, ...functions.readStack(error), ''].join('\n');
}

/** By its mark, not its class: the functions have their own copy of `convex`. */
const isConvexError = (error: unknown): error is ConvexError<JSONValue> =>
  error instanceof Error && Symbol.for('ConvexError') in error;
