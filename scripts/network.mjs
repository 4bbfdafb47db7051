#!/usr/bin/env node
// `pnpm test:network`: runs the tests of test/network in a network of their own, where they may break what they like. The
// machine's own network is not touched, and all that was made is gone with the last process in it.
//   pnpm test:network -t "connection is reset"     arguments go to vitest
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aptInstall, canInstall } from './aptInstall.mjs';
import { runCommand, seconds } from './command.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = [
  ['unshare', 'util-linux'],
  ['nsenter', 'util-linux'],
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
];
/** What the tests do in a namespace, in short. */
const rehearsal = [
  'ip link set lo up',
  'ip link add probe0 type veth peer name probe1',
  'nft add table inet probe',
  'echo 1 > /proc/sys/net/ipv4/tcp_syn_retries',
  'mount --bind /etc/hostname /etc/resolv.conf',
].join(' && ');

/**
 * How to start a command in a network of its own: the words that go before it, or why this machine cannot.
 * @param {{ say: (line: string) => void, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ prefix: string[], problem?: undefined } | { problem: string }>}
 */
export async function ownNetwork({ say, env = process.env }) {
  if (process.platform !== 'linux')
    return {
      problem: `network namespaces exist on Linux only, and this is ${process.platform}. Run it in a Linux VM.`,
    };
  const folders = `${env.PATH}:/usr/sbin:/sbin`.split(':');
  const missing = () => tools.filter(([tool]) => !folders.some((folder) => existsSync(join(folder, tool))));
  const packages = [...new Set(missing().map(([, name]) => name))];
  if (packages.length > 0 && canInstall()) {
    const startedAt = Date.now();
    say(`Installing ${packages.join(', ')} with apt-get.`);
    const problem = await aptInstall(packages, { env });
    if (problem !== undefined) return { problem };
    say(`Installed in ${seconds(Date.now() - startedAt)}.`);
  }
  if (missing().length > 0)
    return {
      problem: `${missing()
        .map(([tool]) => tool)
        .join(', ')} not found: install ${packages.join(', ')} (\`sudo apt-get install ${packages.join(' ')}\`).`,
    };

  const problems = [];
  for (const flags of [...(process.getuid?.() === 0 ? ['-nm'] : []), '-Urnm']) {
    // Firewalls and links live in sbin, which a user's PATH may lack.
    const prefix = ['env', `PATH=${folders.join(':')}`, 'unshare', flags, '--fork', '--kill-child'];
    const { code, output } = await runCommand(prefix[0], [...prefix.slice(1), 'sh', '-c', rehearsal], { env });
    if (code === 0) return { prefix: [...prefix, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] };
    problems.push(`unshare ${flags}: ${output.trim().split('\n').at(-1)}`);
  }
  return {
    problem: `this machine allows no network namespaces (${problems.join('; ')}). Run it as root, in a container with --privileged, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0).`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { prefix, problem } = await ownNetwork({ say: console.log });
  if (problem !== undefined) {
    console.error(`test:network cannot run here: ${problem}`);
    console.error('0 tests were run.');
    process.exitCode = process.env.CI ? 1 : 0;
  } else {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const command = [...prefix, process.execPath, vitest, 'run', '--project', 'network', ...process.argv.slice(2)];
    const { code } = await runCommand(command[0], command.slice(1), { cwd: root, show: 'all' });
    process.exitCode = code;
  }
}
