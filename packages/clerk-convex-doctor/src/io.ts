/** Where the command reads and writes: the process, or a test. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** A person looks at it: it may be coloured, and lines overwritten. */
  readonly isTTY: boolean;
  /** A person may be asked. @defaultValue `isTTY` */
  readonly canAsk: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that it was started in. */
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Asks a person. False for no, and for Ctrl-C. Only called where `canAsk` is true. */
  confirm(question: string): Promise<boolean>;
  /** Aborted by Ctrl-C. Only called by what runs until then. */
  interrupted(): AbortSignal;
}

export interface Sink {
  write(text: string): unknown;
}

/** The process's own. Nothing is touched before it is asked for. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    isTTY: process.stdout.isTTY === true,
    canAsk: process.stdout.isTTY === true && process.stdin.isTTY === true && !process.env.CI,
    env: process.env,
    cwd: process.cwd(),
    now: () => Date.now(),
    async confirm(message) {
      // Loaded when there is something to ask: most runs ask nothing.
      const { confirm } = await import('@clack/prompts');
      return (await confirm({ message, initialValue: false })) === true;
    },
    interrupted() {
      const controller = new AbortController();
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
      return controller.signal;
    },
  };
}

/** In characters. What no person has cut to what matters is longer, and what never ends too. */
const longest = 64 * 1_048_576;

/** All of a stream's text; null where it is longer than 64 MiB, or does not end. */
export async function readAll(stream: Io['stdin']): Promise<string | null> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for await (const part of stream) {
    const text = typeof part === 'string' ? part : decoder.decode(part, { stream: true });
    length += text.length;
    if (length > longest) return null;
    parts.push(text);
  }
  return [...parts, decoder.decode()].join('');
}
