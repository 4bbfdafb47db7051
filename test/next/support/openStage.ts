import { type EmulatorPair, startPair, user } from '../../../scripts/demo/emulatorPair.ts';
import { nextSettings } from '../../../scripts/demo/nextSettings.ts';
import { buildNext, type NextServer, serveNext } from '../../../scripts/demo/runNext.ts';
import { freePort } from './freePort.ts';
import { prepareApp, type Side } from './prepareApp.ts';
import type { Version } from './versions.ts';

export type Mode = 'start' | 'dev';

/** One side: the built app, and emulators of its own. */
export interface Stage extends EmulatorPair {
  readonly side: Side;
  readonly mode: Mode;
  readonly version: Version;
  readonly server: NextServer;
  /** What the app's environment holds. */
  readonly settings: Readonly<Record<string, string>>;
  /**
   * The same app in a process that has not asked Clerk anything yet. `withClerkGuard` takes Clerk's good word for 30 s: for so
   * long it sends a browser to a Frontend API that has just died.
   */
  fresh(env?: Readonly<Record<string, string>>): Promise<NextServer>;
}

/** Builds a side with its settings in it, as a deployment has them, and starts it; or starts `next dev`. */
export async function openStage(side: Side, version: Version, mode: Mode = 'start'): Promise<Stage> {
  const name = mode === 'dev' ? `${side}-dev-rows` : side;
  const [dir, second] = await Promise.all([
    prepareApp(side, name, version),
    // Two of `next dev` cannot be in one folder.
    mode === 'dev' ? prepareApp(side, `${name}-fresh`, version) : null,
  ]);
  const pair = await startPair(`${dir}/convex`, 60);
  const settings = nextSettings(pair, version.clerkMajor);
  if (mode === 'start') {
    const built = await buildNext({ dir, env: settings });
    if (!built.ok) throw new Error(built.output);
  }
  const start = async (folder: string, env: Readonly<Record<string, string>>): Promise<NextServer> =>
    serveNext(mode, await freePort(), { dir: folder, env });
  const server = await start(dir, settings);
  if (mode === 'dev') {
    await warmUp(server, pair);
    // What `fresh` starts finds what was compiled.
    const other = await start(second ?? dir, settings);
    await warmUp(other, pair);
    await other.close();
  }
  return {
    ...pair,
    side,
    mode,
    version,
    server,
    settings,
    fresh: (env = {}) => start(second ?? dir, { ...settings, ...env }),
    close: async () => void (await Promise.all([server.close(), pair.close()])),
  };
}

/** `next dev` compiles a page when it is asked for first, which no row should wait for: as somebody who is signed in, since only a page that is served is compiled. */
async function warmUp(server: NextServer, { clerk }: EmulatorPair): Promise<void> {
  const { sessionId, cookies } = clerk.signInBrowser(user.emailAddress, { appHost: 'localhost' });
  for (const path of ['/', '/board', '/post', '/profile', '/dashboard', '/sign-in', '/api/webhooks/clerk']) {
    const session = { name: '__session', value: await clerk.mintToken(sessionId) };
    const cookie = [...cookies, session].map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await fetch(server.url + path, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
    await answer.text();
  }
}
