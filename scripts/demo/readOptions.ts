import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly clerk: '5' | '6';
  readonly port: number;
  readonly open: boolean;
  readonly help: boolean;
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
  const { clerk, port, open, help } = parse(args);
  if (clerk !== '5' && clerk !== '6') throw new DemoError(`--clerk is "${clerk}"; use 5 or 6.`);
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new DemoError(`--port is "${port}"; use a number from 1 to 65535, or 0 for any free one.`);
  }
  return { clerk, port: number, open, help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      // pnpm passes on the `--` that npm swallows.
      args: args.filter((arg) => arg !== '--'),
      options: {
        clerk: { type: 'string', default: '5' },
        port: { type: 'string', default: '5280' },
        open: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false },
      },
      allowNegative: true,
    }).values;
  } catch (cause) {
    throw new DemoError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
  }
}
