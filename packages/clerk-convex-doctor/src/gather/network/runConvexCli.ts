import { execFile } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

interface Run {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** What to say when the time is up. */
  readonly tooLate: string;
}

export type Ran = { readonly ok: true; readonly output: string } | { readonly ok: false; readonly why: string };

/** Runs the file of the Convex CLI with Node. Never throws, and leaves nothing running. */
export function runConvexCli(
  file: string,
  args: readonly string[],
  { cwd, env, timeoutMs, tooLate }: Run,
): Promise<Ran> {
  return new Promise((done) => {
    let isHopeless = false;
    const settings = {
      cwd,
      env: env as NodeJS.ProcessEnv, // which Next.js declares to have a NODE_ENV
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 4_194_304,
      windowsHide: true,
    } as const;
    try {
      const child = execFile(process.execPath, [file, ...args], settings, (error, stdout, stderr) => {
        if (!error) return done({ ok: true, output: stdout });
        const said = summaryOf([...failuresIn(stdout), stderr].join('\n'));
        if (!error.killed) return done({ ok: false, why: said || `The Convex CLI ended with ${String(error.code)}.` });
        done({
          ok: false,
          why: isHopeless ? said : [tooLate, said && `The Convex CLI said: ${said}`].join(' ').trim(),
        });
      });
      for (const stream of [child.stdout, child.stderr]) {
        let said = '';
        stream?.on('data', (chunk) => {
          said = `${said}${String(chunk)}`.slice(-10_000);
          if (isHopeless || !isFinal(said)) return;
          isHopeless = true;
          child.kill('SIGKILL');
        });
      }
      // A question that it has for a person gets no answer.
      child.stdin?.end();
    } catch (error) {
      done({ ok: false, why: error instanceof Error ? error.message : String(error) });
    }
  });
}

/**
 * It asks over a WebSocket, which it opens again for ever, and does not end after a refusal either (convex 1.48, `runSystemQuery`).
 * A connection that has failed twice is not waited for.
 */
const isFinal = (said: string): boolean =>
  /^(?:\[CONVEX FATAL ERROR\]|Failed to authenticate: |Error: \[CONVEX )/m.test(said) || failuresIn(said).length > 1;

/** What it says of its socket, it says where the variables are due. */
const failuresIn = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/^WebSocket error message: (.+)$/gm)].flatMap(([, failure]) => failure ?? []);

/** What the CLI has to say, in one line without colours. */
const summaryOf = (text: string): string =>
  [
    ...new Set(
      stripVTControlCharacters(text)
        .split('\n')
        .map((line) => line.trim())
        // Where in its code it was.
        .filter((line) => line !== '' && !/^(?:at |Called by client$)/.test(line)),
    ),
  ]
    .slice(0, 2)
    .join(' ')
    .slice(0, 300);
