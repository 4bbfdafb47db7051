// `npm run demo:next`: the example for Next.js, on emulators or, with keys in the environment, on the real services.
import { fileURLToPath } from 'node:url';
import { buildPackages } from './demo/buildPackages.ts';
import { startPair, user } from './demo/emulatorPair.ts';
import { nextSettings } from './demo/nextSettings.ts';
import { openBrowser } from './demo/openBrowser.ts';
import { DemoError, readPageOptions } from './demo/readOptions.ts';
import { requireFreePort } from './demo/requireFreePort.ts';
import { serveNext } from './demo/runNext.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = fileURLToPath(new URL('../examples/next-app', import.meta.url));
const usage = `Starts the Next.js example, with emulators of Clerk and Convex.

  npm run demo:next -- [options]

  --port=5290   where the pages are served; 0 is any free port
  --no-open     do not open a browser
  --help        this text

With NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY and NEXT_PUBLIC_CONVEX_URL in the environment the app runs on those.`;

const say = (line = '') => console.log(line);

main().catch((error: unknown) => {
  console.error(error instanceof DemoError ? error.message : error);
  process.exit(1);
});

async function main(): Promise<void> {
  const { port, open, help } = readPageOptions(process.argv.slice(2), { usage, port: 5290 });
  if (help) return say(usage);
  const own = ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', 'CLERK_SECRET_KEY', 'NEXT_PUBLIC_CONVEX_URL'];
  const missing = own.filter((name) => !process.env[name]);
  if (missing.length > 0 && missing.length < own.length) {
    throw new DemoError(
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set. Set all three to run on the real services, or none to run on emulators.`,
    );
  }
  await requireFreePort(port, 'demo:next');
  await buildPackages(root, ['clerk-convex-resilience'], say);

  const isEmulated = missing.length > 0;
  say(isEmulated ? 'Starting emulators of Clerk and Convex …' : 'Starting the app on your Clerk and your Convex …');
  const pair = isEmulated ? await startPair(`${app}/convex`, 60) : null;
  say('Starting next dev …');
  const server = await serveNext('dev', port, { dir: app, env: pair ? nextSettings(pair) : {}, echo: true }).catch(
    async (error: unknown) => {
      await pair?.close();
      throw error;
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void Promise.allSettled([server.close(), pair?.close()]).then(() => process.exit(0));
    });
  }
  if (pair) pair.clerk.webhooks.connect(`${server.url}/api/webhooks/clerk`);

  say();
  say(`  The app   ${server.url}/`);
  if (pair) {
    say();
    say(`  Sign in   ${user.emailAddress}   ${user.password}`);
    say(`  Faults    POST a fault to ${pair.clerk.url}/__emulator/faults (Clerk) or`);
    say(`            ${pair.convex.url}/__emulator/faults (Convex); DELETE ends them`);
  }
  say();
  say(`  ${open && openBrowser(`${server.url}/`) ? 'A browser opens. ' : ''}Ctrl-C ends it all.`);
}
