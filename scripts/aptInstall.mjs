import { existsSync } from 'node:fs';
import { runCommand } from './command.mjs';

/** Whether this may install Debian packages. */
export const canInstall = () =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** apt bears no other beside itself. */
let before = Promise.resolve();

/** The package lists are fetched once: an image may bring old ones, which lead to a 404, or to a browser of half a year ago. */
let listsFetched = false;

/**
 * Installs Debian packages, one call after the other, with package lists of now where they can be had.
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
  const update = listsFetched ? { code: 0, output: '' } : await apt('update');
  listsFetched = update.code === 0;
  const result = await apt('install', '-y', '--no-install-recommends', ...packages);
  if (result.code === 0) return undefined;
  const reason = [result.output, update.output].map((text) => text.trim().split('\n').at(-1)).find(Boolean);
  return `apt-get install ${packages.join(' ')}: ${reason || `it ended with code ${result.code}`}`;
}
