#!/usr/bin/env node
// The browsers besides Chromium that the tests can drive, from Debian's packages:
//   node scripts/engines.mjs            Firefox ESR and WebKitGTK
//   node scripts/engines.mjs firefox    only that
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { aptInstall, canInstall } from './aptInstall.mjs';
import { seconds } from './command.mjs';

/** What each engine is made of: a file, and the package that brings it. */
const parts = {
  chromium: [], // `npm test` has brought it by the time anything asks for it: see chromium.mjs
  firefox: [[process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr', 'firefox-esr']],
  webkit: [
    [process.env.WEBKIT_DRIVER_PATH ?? '/usr/bin/WebKitWebDriver', 'webkit2gtk-driver'],
    ['/usr/bin/Xvfb', 'xvfb'],
  ],
};

/**
 * Installs what is missing of these engines.
 * @param {{ names?: readonly string[], say: (line: string) => void, env?: NodeJS.ProcessEnv }} options
 * @throws {Error} when one is missing and cannot be installed; the message says what to do.
 */
export async function installEngines({ names = Object.keys(parts), say, env = process.env }) {
  const unknown = names.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0)
    throw new Error(`There is no engine ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}.`);
  const missing = () => names.flatMap((name) => parts[name]).filter(([path]) => !existsSync(path));
  const packages = missing().map(([, name]) => name);
  if (packages.length === 0) return;
  const command = `apt-get install ${packages.join(' ')}`;
  if (!canInstall())
    throw new Error(
      `Not here: ${missing().flat().join(', ')}. On Debian or Ubuntu run \`sudo ${command}\`; elsewhere name the executables by FIREFOX_PATH and WEBKIT_DRIVER_PATH, or leave the engine out with ENGINES=chromium.`,
    );
  const startedAt = Date.now();
  say(`Installing ${packages.join(', ')} with apt-get (up to 150 MB).`);
  const problem = await aptInstall(packages, { env, show: 'all' });
  if (problem !== undefined) throw new Error(problem);
  say(`Installed in ${seconds(Date.now() - startedAt)}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  await installEngines({ ...(names.length > 0 && { names }), say: console.log }).then(
    () => console.log('All there.'),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
