import { existsSync } from 'node:fs';
import { runCommand } from './command.mjs';

/** Whether this may install Debian packages. */
export const canInstall = () =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** apt bears no other beside itself. */
let before = Promise.resolve();

/**
 * Installs Debian packages, one call after the other. The package lists are fetched only when the install fails with those that are there: old ones
 * are the usual reason for a 404, none at all for "no installation candidate".
 * @param {readonly string[]} packages
 * @param {{ env?: NodeJS.ProcessEnv, show?: 'all' | 'nothing' }} [options] `show`: what apt prints while it works.
 * @returns {Promise<string | undefined>} Why it did not work; undefined when it did.
 */
export function aptInstall(packages, options) {
  const result = before.then(() => install(packages, options));
  before = result.then(() => {});
  return result;
}

async function install(
  /** @type {readonly string[]} */ packages,
  { env = process.env, show = /** @type {'all' | 'nothing'} */ ('nothing') } = {},
) {
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, show };
  const apt = (/** @type {string[]} */ ...args) =>
    runCommand('apt-get', ['-q', '-o', 'Dpkg::Use-Pty=0', ...args], options);
  const tryOnce = () => apt('install', '-y', '--no-install-recommends', ...packages);
  let result = await tryOnce();
  if (result.code === 0) return undefined;
  const update = await apt('update');
  result = await tryOnce();
  if (result.code === 0) return undefined;
  const reason = [result.output, update.output].map((text) => text.trim().split('\n').at(-1)).find(Boolean);
  return `apt-get install ${packages.join(' ')}: ${reason || `it ended with code ${result.code}`}`;
}
