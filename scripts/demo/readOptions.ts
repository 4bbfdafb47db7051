import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What every demo can be told. */
interface PageOptions {
  readonly port: number;
  readonly open: boolean;
  readonly help: boolean;
}

export interface DemoOptions extends PageOptions {
  readonly clerk: '5' | '6';
}

export const usage = `Starts the example app and the lab, with emulators of Clerk and Convex.

  npm run demo -- [options]

  --clerk=5|6   the Clerk major: @clerk/clerk-react 5 or @clerk/react 6 (default 5)
  --port=5280   where the pages are served
  --no-open     do not open a browser
  --help        this text

With VITE_CLERK_PUBLISHABLE_KEY and VITE_CONVEX_URL in the environment the app runs on those instead (and
VITE_CLERK_PROXY_URL, if set); there are no faults then, and no lab.`;

/** A mistake of whoever started the demo: its message is all they need to see. */
export class DemoError extends Error {}

/** Reads the command line. Throws a `DemoError` that names the mistake. */
export function readOptions(args: readonly string[]): DemoOptions {
  const clerkOption = { clerk: { type: 'string', default: '5' } } as const;
  const { clerk, ...options } = readPageOptions(args, { usage, port: 5280, more: clerkOption });
  if (clerk !== '5' && clerk !== '6') throw new DemoError(`--clerk is "${clerk}"; use 5 or 6.`);
  return { clerk, ...options };
}

/** Reads what every demo can be told, and `more`. Throws a `DemoError` that names the mistake, with the `usage`. */
export function readPageOptions<More extends Readonly<Record<string, { type: 'string'; default: string }>>>(
  args: readonly string[],
  { usage, port: usualPort, more }: { readonly usage: string; readonly port: number; readonly more?: More },
): PageOptions & { readonly [Name in keyof More]: string } {
  const { port, open, help, ...others } = parse(args, usage, {
    port: { type: 'string', default: `${usualPort}` },
    open: { type: 'boolean', default: true },
    help: { type: 'boolean', default: false },
    ...more,
  });
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new DemoError(`--port is "${port}"; use a number from 1 to 65535, or 0 for any free one.`);
  }
  return { ...(others as { [Name in keyof More]: string }), port: number, open: open === true, help: help === true };
}

function parse(args: readonly string[], usage: string, options: NonNullable<ParseArgsConfig['options']>) {
  try {
    // pnpm passes on the `--` that npm swallows.
    return parseArgs({ args: args.filter((arg) => arg !== '--'), options, allowNegative: true }).values;
  } catch (cause) {
    throw new DemoError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
  }
}
