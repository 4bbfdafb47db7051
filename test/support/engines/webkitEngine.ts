import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTold } from './createTold.ts';
import type { Engine, EngineCookie, Profile, Tab } from './Engine.ts';
import { requireLook } from './requireLook.ts';
import { openWebDriver, type WebDriver } from './webDriver.ts';

/** Debian's WebKitGTK, on a screen of its own. A driver has one session, so each profile is a driver and a MiniBrowser. */
export async function openWebKit(
  driverPath = process.env.WEBKIT_DRIVER_PATH ?? '/usr/bin/WebKitWebDriver',
): Promise<Engine> {
  if (!existsSync(driverPath))
    throw new Error(`There is no ${driverPath}. Run \`node scripts/engines.mjs\`, or set WEBKIT_DRIVER_PATH.`);
  const folder = await mkdtemp(join(tmpdir(), 'webkit-'));
  const screen = await openScreen();
  const env = {
    ...process.env,
    DISPLAY: screen.display,
    XDG_RUNTIME_DIR: folder,
    GDK_BACKEND: 'x11',
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', // its sandbox needs namespaces that a container may refuse; it loads our pages only
    NO_AT_BRIDGE: '1',
  };
  const profiles = new Set<Profile>();

  async function open(cookies: readonly EngineCookie[] = []): Promise<Profile & { version: string }> {
    const port = await freePort();
    const driver = spawn(driverPath, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' });
    const endWithUs = () => driver.kill();
    process.once('exit', endWithUs);
    const end = async () => {
      process.off('exit', endWithUs);
      await stop(driver);
    };
    try {
      const session = await openWebDriver(`http://127.0.0.1:${port}`, {
        acceptInsecureCerts: true,
        'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
      });
      await addCookies(session, cookies);
      const first = await session.call<string>('GET', '/window');
      const profile: Profile & { version: string } = {
        version: session.browserVersion,
        ...createTab(session, first),
        async openTab() {
          const { handle } = await session.call<{ handle: string }>('POST', '/window/new', { type: 'tab' });
          return createTab(session, handle);
        },
        setOffline: () => Promise.reject(new Error('WebKitGTK cannot be taken offline: ask `engine.can.offline`.')),
        async close() {
          profiles.delete(profile);
          // It ends the MiniBrowser; now and then it does not answer.
          await Promise.race([session.call('DELETE', '').catch(() => {}), sleep(2_000, undefined, { ref: false })]);
          await end();
        },
      };
      profiles.add(profile);
      return profile;
    } catch (error) {
      await end();
      throw error;
    }
  }

  const engine = (version: string): Engine => ({
    name: 'webkit',
    version,
    can: { offline: false, hidden: true, bfcache: true, bfcacheWithSocket: true, cdp: false },
    open,
    async close() {
      await Promise.all([...profiles].map((profile) => profile.close()));
      await screen.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  });
  try {
    const probe = await open();
    await probe.close();
    return engine(probe.version);
  } catch (error) {
    await engine('').close();
    throw error;
  }
}

/** The tabs of a session share its one line of commands, and each command says first which tab it is for. */
function createTab(session: WebDriver, handle: string): Tab {
  let calls = 0;
  const run = async <T>(script: string): Promise<T> => {
    const [, value] = await Promise.all([
      session.call('POST', '/window', { handle }),
      session.call<T>('POST', '/execute/sync', { script, args: [] }),
    ]);
    return value;
  };
  const command = async (path: string, body: object): Promise<void> => {
    await Promise.all([session.call('POST', '/window', { handle }), session.call('POST', path, body)]);
  };

  /** Does not wait in the driver, where it would stand in the way of every other tab: starts it, and asks how it went. */
  async function evaluate<T>(expression: string): Promise<T> {
    const key = `evaluation${++calls}`;
    const settle = `(state, value) => { window.${key} = { state, value: JSON.stringify(value) }; }`;
    await run(`const settle = ${settle};
      window.${key} = { state: 'pending' };
      (async () => (0, eval)(${JSON.stringify(expression)}))().then(
        (value) => settle('done', value ?? null), (error) => settle('failed', String(error)));`);
    for (;;) {
      const answer = await run<{ state: 'pending' | 'done' | 'failed'; value: string } | null>(
        `const answer = window.${key} ?? null; if (answer?.state !== 'pending') delete window.${key}; return answer;`,
      );
      if (answer === null) throw new Error('The page went away before the expression had a value.');
      if (answer.state === 'done') return JSON.parse(answer.value);
      if (answer.state === 'failed') throw new Error(JSON.parse(answer.value));
      await sleep(20);
    }
  }

  return {
    async goto(url) {
      await command('/url', { url });
      await requireLook(evaluate);
    },
    back: () => command('/back', {}),
    evaluate,
    told: createTold(evaluate),
    async close() {
      await Promise.all([session.call('POST', '/window', { handle }), session.call('DELETE', '/window')]);
    },
    setHidden: (hidden) =>
      hidden ? command('/window/minimize', {}) : command('/window/rect', { width: 1_200, height: 700, x: 0, y: 0 }),
  };
}

/** WebDriver sets a cookie only from a page of some host that answers. Cookies do not look at ports, so ours will do. */
async function addCookies(session: WebDriver, cookies: readonly EngineCookie[]): Promise<void> {
  if (cookies.length === 0) return;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await session.call('POST', '/url', { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  for (const cookie of cookies) await session.call('POST', '/cookie', { cookie });
  await session.call('POST', '/url', { url: 'about:blank' });
  server.close();
}

/** A screen that nobody sees, on the first number that is free. */
async function openScreen(): Promise<{ display: string; close(): Promise<void> }> {
  const xvfb = spawn('/usr/bin/Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const endWithUs = () => xvfb.kill();
  process.once('exit', endWithUs);
  const number = await new Promise<string>((resolve, reject) => {
    xvfb.stdio[3]?.once('data', (data: Buffer) => resolve(String(data).trim()));
    xvfb.once('error', () => reject(new Error('There is no Xvfb. Run `node scripts/engines.mjs`.')));
    xvfb.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}.`)));
  });
  return {
    display: `:${number}`,
    async close() {
      process.off('exit', endWithUs);
      await stop(xvfb);
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}

function miniBrowser(): string {
  const triplets: Partial<Record<NodeJS.Architecture, string>> = {
    x64: 'x86_64-linux-gnu',
    arm64: 'aarch64-linux-gnu',
  };
  const folders = [`/usr/lib/${triplets[process.arch] ?? ''}`, '/usr/libexec', '/usr/lib'];
  const paths = folders.flatMap((folder) => ['4.1', '4.0'].map((api) => `${folder}/webkit2gtk-${api}/MiniBrowser`));
  const path = paths.find((each) => existsSync(each));
  if (!path) throw new Error(`There is no MiniBrowser of WebKitGTK; looked for ${paths.join(', ')}.`);
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
