import { type EmulatorPair, startPair, user } from '../../../scripts/demo/emulatorPair.ts';
import { nextSettings } from '../../../scripts/demo/nextSettings.ts';
import { buildNext, type NextServer, serveNext } from '../../../scripts/demo/runNext.ts';
import { freePort } from './freePort.ts';
import { prepareApp, type Side } from './prepareApp.ts';
import { addVaults } from './vault.ts';
import type { Version } from './versions.ts';

export type Mode = 'start' | 'dev';

/** One side: the built app, and emulators of its own. */
export interface Stage extends EmulatorPair {
  readonly side: Side;
  readonly mode: Mode;
  readonly version: Version;
  /** The folder of the app, with the vaults in it where it is built. */
  readonly dir: string;
  readonly server: NextServer;
  /** What the app's environment holds. */
  readonly settings: Readonly<Record<string, string>>;
  /**
   * The same app in a process of its own, which has not asked Clerk anything yet: nobody's good word holds there. `next dev` has
   * compiled its pages, and asked Clerk for its keys in doing so.
   */
  fresh(env?: Readonly<Record<string, string | undefined>>): Promise<NextServer>;
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
    await addVaults(dir);
    const built = await buildNext({ dir, env: settings });
    if (!built.ok) throw new Error(built.output);
  }
  const start = async (folder: string, env: Readonly<Record<string, string | undefined>>): Promise<NextServer> =>
    serveNext(mode, await freePort(), { dir: folder, env });
  const server = await start(dir, settings);
  if (mode === 'dev') await warmUp(server, pair);
  const startWarm = async (env: Readonly<Record<string, string | undefined>> = {}): Promise<NextServer> => {
    const other = await start(second ?? dir, { ...settings, ...env });
    if (mode === 'dev') await warmUp(other, pair, ['/', '/dashboard', '/sign-in']);
    return other;
  };
  return {
    ...pair,
    side,
    mode,
    version,
    dir,
    server,
    settings,
    // Two of `next dev` cannot be in one folder at a time either.
    fresh: inTurn(mode === 'dev', startWarm),
    close: async () => void (await Promise.all([server.close(), pair.close()])),
  };
}

/** Each is started when the one before it is closed, if that is so. */
function inTurn(isSo: boolean, start: Stage['fresh']): Stage['fresh'] {
  if (!isSo) return start;
  let closed: Promise<void> = Promise.resolve();
  return async (env) => {
    const before = closed;
    let say = (): void => undefined;
    closed = new Promise((resolve) => {
      say = resolve;
    });
    await before;
    const server = await start(env);
    return { ...server, close: () => server.close().finally(say) };
  };
}

const allPaths = ['/', '/board', '/post', '/profile', '/dashboard', '/sign-in', '/api/webhooks/clerk'];

/** `next dev` compiles a page when it is asked for first, which no row should wait for: as somebody who is signed in, since only a page that is served is compiled. */
async function warmUp(server: NextServer, { clerk }: EmulatorPair, paths = allPaths): Promise<void> {
  const { sessionId, cookies } = clerk.signInBrowser(user.emailAddress, { appHost: 'localhost' });
  for (const path of paths) {
    const session = { name: '__session', value: await clerk.mintToken(sessionId) };
    // Without it a development instance answers with a handshake, and nothing is compiled.
    const browser = { name: '__clerk_db_jwt', value: 'dvb_of_the_warm_up' };
    const cookie = [...cookies, session, browser].map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await fetch(server.url + path, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
    await answer.text();
    if (answer.headers.get('x-clerk-auth-status') === 'handshake') throw new Error(`${path} was not compiled.`);
  }
}
