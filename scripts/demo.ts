// `npm run demo`: the example app and the lab, on emulators or, with keys in the environment, on the real services.
import { fileURLToPath } from 'node:url';
import { createServer, type Plugin, type ViteDevServer } from 'vite';
import type { LabSettings, Side, SideSettings } from '../examples/vite-app/src/lab/protocol.ts';
import { buildPackages } from './demo/buildPackages.ts';
import { type EmulatorPair, startPair, user } from './demo/emulatorPair.ts';
import { labPlugin } from './demo/labPlugin.ts';
import { openBrowser } from './demo/openBrowser.ts';
import { DemoError, type DemoOptions, readOptions, usage } from './demo/readOptions.ts';
import { requireFreePort } from './demo/requireFreePort.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = fileURLToPath(new URL('../examples/vite-app', import.meta.url));
/** Half of Clerk's, so that a refresh is never far away. */
const LAB_TOKEN_LIFE_SECONDS = 30;

const say = (line = '') => console.log(line);

main().catch((error: unknown) => {
  console.error(error instanceof DemoError ? error.message : error);
  process.exit(1);
});

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return say(usage);
  const { VITE_CLERK_PUBLISHABLE_KEY: key, VITE_CONVEX_URL: url } = process.env;
  if (Boolean(key) !== Boolean(url)) {
    throw new DemoError(
      `${key ? 'VITE_CONVEX_URL' : 'VITE_CLERK_PUBLISHABLE_KEY'} is not set, and its companion is. Set both to run on the real services, or neither to run on emulators.`,
    );
  }
  await requireFreePort(options.port, 'demo');
  await buildPackages(root, ['clerk-convex-resilience'], say);
  await (key ? onRealServices(options) : onEmulators(options));
}

async function onRealServices(options: DemoOptions): Promise<void> {
  say('Starting the app on your Clerk instance and your Convex deployment …');
  const server = await serve(options, []);
  closeOnSignal([server]);
  say();
  say(`  The app   http://localhost:${portOf(server)}/`);
  say('  Sign in as a user of your Clerk instance. Faults are not available: unset the two variables for the lab.');
  finish(options, `http://localhost:${portOf(server)}/`);
}

async function onEmulators(options: DemoOptions): Promise<void> {
  say('Starting three pairs of emulators (the app, and both sides of the lab) …');
  const convexDir = `${app}/convex`;
  const [own, plain, ours] = await Promise.all([
    startPair(convexDir, 60),
    startPair(convexDir, LAB_TOKEN_LIFE_SECONDS),
    startPair(convexDir, LAB_TOKEN_LIFE_SECONDS),
  ]);
  const pairs = [own, plain, ours];
  // The lab's sides stay without: what counts there is what the page makes run.
  own.clerk.webhooks.connect(`${own.convex.siteUrl}/webhooks/clerk`);

  // Different hosts of one site: storage and host-only cookies are apart, and SameSite=Lax cookies still pass.
  const lab: LabSettings = {
    tokenLifeSeconds: LAB_TOKEN_LIFE_SECONDS,
    email: user.emailAddress,
    password: user.password,
    sides: { plain: sideSettings('plain', plain), ours: sideSettings('ours', ours) },
  };
  // Vite reads VITE_* variables of the process as it reads those of an .env file, and prefers them.
  Object.assign(process.env, {
    VITE_CLERK_PUBLISHABLE_KEY: own.clerk.publishableKey,
    VITE_CLERK_PROXY_URL: own.clerk.url.replace('127.0.0.1', 'localhost'),
    VITE_CONVEX_URL: own.convex.url,
    VITE_LAB: JSON.stringify(lab),
  });

  say(`Starting the pages on Clerk ${options.clerk} …`);
  const server = await serve(options, [labPlugin({ plain, ours })]).catch(async (error: unknown) => {
    await Promise.all(pairs.map((pair) => pair.close()));
    throw error;
  });
  closeOnSignal([server, ...pairs]);

  const port = portOf(server);
  say();
  say(`  The app   http://localhost:${port}/`);
  say(`  The lab   http://app.localhost:${port}/lab   the same outage, without and with the library`);
  say();
  say(`  Sign in   ${user.emailAddress}   ${user.password}`);
  say(`  Faults    from the lab's buttons, or for the app: POST a fault to ${own.clerk.url}/__emulator/faults`);
  say(`            (Clerk) or ${own.convex.url}/__emulator/faults (Convex); DELETE ends them`);
  finish(options, `http://app.localhost:${port}/lab`);
}

const sideSettings = (side: Side, { clerk, convex }: EmulatorPair): SideSettings => ({
  publishableKey: clerk.publishableKey,
  proxyUrl: clerk.url.replace('127.0.0.1', `clerk-${side}.app.localhost`),
  convexUrl: convex.url,
});

async function serve({ clerk, port }: DemoOptions, plugins: Plugin[]): Promise<ViteDevServer> {
  process.env.VITE_CLERK_MAJOR = clerk;
  const server = await createServer({
    configFile: `${app}/vite.config.ts`,
    logLevel: 'warn',
    plugins,
    server: { port, strictPort: port !== 0 },
  });
  return server.listen();
}

function portOf(server: ViteDevServer): number {
  const address = server.httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('The dev server listens nowhere.');
  return address.port;
}

function finish({ open }: DemoOptions, url: string): void {
  say();
  say(`  ${open && openBrowser(url) ? 'A browser opens. ' : ''}Ctrl-C ends it all.`);
}

function closeOnSignal(things: ReadonlyArray<{ close(): Promise<void> }>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void Promise.allSettled(things.map((thing) => thing.close())).then(() => process.exit(0));
    });
  }
}
