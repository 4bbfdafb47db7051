import { spawn } from 'node:child_process';

const isWindows = process.platform === 'win32';

/**
 * Runs a command and keeps what it printed. Its input is empty.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: 'all' | 'stderr' | 'nothing', label?: string, timeoutMs?: number }} [options]
 *   `show`: what is passed on while it runs, indented, behind the `label` where several run at once. After `timeoutMs` it is ended, with all that it started.
 * @returns {Promise<{ code: number, stdout: string, output: string, ms: number }>} `output` holds both streams in order.
 *   A command that cannot be started has code 127, one that took too long 124.
 */
export function runCommand(command, args, { cwd, env, show = 'nothing', label, timeoutMs = 600_000 } = {}) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    // Its own group, so that what it started ends with it. On Windows only a shell finds `pnpm.cmd` by the name `pnpm`.
    const child = spawn(command, args, {
      cwd,
      env,
      shell: isWindows,
      detached: !isWindows,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    let code = 1;
    const fail = (/** @type {number} */ as, /** @type {string} */ why) => {
      code = as;
      output += `${why}\n`;
    };

    for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
      const print = show === 'all' || show === name ? linePrinter(label) : () => {};
      child[name].setEncoding('utf8');
      child[name].on('data', (/** @type {string} */ text) => {
        if (name === 'stdout') stdout += text;
        output += text;
        print(text);
      });
    }

    const end = (/** @type {NodeJS.Signals} */ signal) => {
      if (child.pid === undefined) return;
      try {
        if (isWindows) child.kill(signal);
        else process.kill(-child.pid, signal);
      } catch {
        // Already gone.
      }
    };
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      end('SIGKILL');
    }, timeoutMs);
    const passOn = (/** @type {NodeJS.Signals} */ signal) => {
      end(signal);
      process.exit(130);
    };
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.on(signal, passOn);

    child.on('error', (error) => fail(127, `${command} could not be started: ${error.message}`));
    child.on('exit', (exitCode, signal) => {
      if (timedOut) fail(124, `${command} was ended after ${seconds(timeoutMs)}.`);
      else if (signal) fail(1, `${command} was ended by ${signal}.`);
      else code = exitCode ?? 1;
    });
    child.on('close', () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, passOn);
      resolve({ code, stdout, output, ms: Date.now() - startedAt });
    });
  });
}

/** Prints whole lines only, so that indent and label stand before each. */
function linePrinter(/** @type {string | undefined} */ label) {
  const start = label === undefined ? '    ' : `    ${label} │ `;
  let rest = '';
  return (/** @type {string} */ text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) console.log(`${start}${line}`);
  };
}

export const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;
