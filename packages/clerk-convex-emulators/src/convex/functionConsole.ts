import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';

/** The `console` of one emulator's functions: what is printed goes to the execution that printed it. */
export interface FunctionConsole {
  readonly console: Pick<Console, 'log'>;
  /** Runs a function and gives its lines to `lines`. */
  capture<Result>(lines: string[], run: () => Promise<Result>): Promise<Result>;
}

const levels = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;

/** One for all emulators of a process: Node never forgets one that was used, and asks each of them at every promise. */
const executions = new AsyncLocalStorage<string[]>();

/** Makes one. Nothing global is touched: the functions are given it as a parameter. */
export function createFunctionConsole(): FunctionConsole {
  const print =
    (level: string) =>
    (...values: readonly unknown[]) => {
      const text = values.map((value) => (typeof value === 'string' ? `'${value}'` : inspect(value, inspectOptions)));
      executions.getStore()?.push(`[${level.toUpperCase()}] ${text.join(' ')}`);
    };
  const silent = () => undefined;
  const own = Object.fromEntries(levels.map((level) => [level, print(level)]));
  return {
    // What is not printed by a deployment is silent here: console.table, console.time, ...
    console: new Proxy(own, { get: (target, name) => (name in target ? Reflect.get(target, name) : silent) }) as Pick<
      Console,
      'log'
    >,
    capture: (lines, run) => executions.run(lines, run),
  };
}

const inspectOptions = { breakLength: Number.POSITIVE_INFINITY, depth: 4 };
