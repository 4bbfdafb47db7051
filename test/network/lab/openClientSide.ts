import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from './run.ts';

/** A network of its own for one browser, joined by a cable to the one in which the tests and their servers run. */
export interface ClientSide {
  /** Starts a Chromium in it; Playwright's `executablePath`. */
  readonly launcher: string;
  /** The server's end of the cable. */
  readonly device: string;
  /** Pulls the cable out at the client's end, and puts it back. */
  linkDown(): Promise<void>;
  linkUp(): Promise<void>;
  /** Gives the client another address and takes it away again: what a laptop sees that changes the Wi-Fi. */
  changeAddress(): Promise<void>;
  /** Ends it with all that runs in it. */
  close(): Promise<void>;
}

/**
 * `net`: the first three numbers of the addresses, as `10.77.3`; the server has .1, and what else it is told, the client .2.
 * The names of hosts are asked of .1.
 */
export async function openClientSide({
  net,
  serverAddresses,
  device,
  folder,
  chromium,
}: {
  net: string;
  serverAddresses: readonly string[];
  device: string;
  folder: string;
  chromium: string;
}): Promise<ClientSide> {
  const resolvConf = join(folder, `${device}-resolv.conf`);
  await writeFile(resolvConf, `nameserver ${net}.1\noptions timeout:1 attempts:1\n`);
  // The namespaces live as long as this shell, and the shell as long as its input is open: not longer than the tests.
  const shell = spawn(
    'unshare',
    [
      '-nm',
      '--propagation',
      'private',
      'sh',
      '-ec',
      `mount --bind '${resolvConf}' /etc/resolv.conf; echo ready; read -r _`,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const [line] = await Promise.race([
    once(createInterface(shell.stdout), 'line'),
    once(shell, 'exit').then(async () => [String((await shell.stderr.toArray()).join(''))]),
  ]);
  if (line !== 'ready' || shell.pid === undefined) throw new Error(`The client's network could not be made: ${line}`);
  const pid = String(shell.pid);
  const inside = (...command: readonly string[]) => run('nsenter', '-t', pid, '-n', '-m', ...command);
  const end = `${device}c`;

  await run('ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', end, 'netns', pid);
  for (const last of ['1', ...serverAddresses]) await run('ip', 'addr', 'add', `${net}.${last}/24`, 'dev', device);
  await run('ip', 'link', 'set', device, 'up');
  const addRoute = `ip route replace default via ${net}.1`;
  await inside(
    'sh',
    '-ec',
    [
      // An IPv6 address that settles a second later would be a change of the network of its own.
      'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6',
      // Gives up on a connection after 3 s instead of two minutes, on lost data after 7 s instead of a quarter of an hour.
      'echo 1 > /proc/sys/net/ipv4/tcp_syn_retries',
      'echo 3 > /proc/sys/net/ipv4/tcp_retries2',
      'ip link set lo up',
      `ip addr add ${net}.2/24 dev ${end}`,
      `ip link set ${end} up`,
      addRoute,
    ].join('\n'),
  );
  const launcher = join(folder, `${device}-chromium`);
  await writeFile(launcher, `#!/bin/sh\nexec nsenter -t ${pid} -n -m '${chromium}' "$@"\n`);
  await chmod(launcher, 0o755);

  return {
    launcher,
    device,
    linkDown: async () => void (await inside('ip', 'link', 'set', end, 'down')),
    linkUp: async () => void (await inside('sh', '-ec', `ip link set ${end} up; ${addRoute}`)),
    changeAddress: async () =>
      void (await inside('sh', '-ec', `ip addr add ${net}.3/24 dev ${end}; ip addr del ${net}.3/24 dev ${end}`)),
    async close() {
      const gone = once(shell, 'exit');
      shell.stdin.end();
      await gone;
      await run('ip', 'link', 'del', device).catch(() => {}); // it goes by itself with the namespace of its other end
    },
  };
}
