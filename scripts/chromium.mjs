import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aptInstall, canInstall } from './aptInstall.mjs';
import { runCommand } from './command.mjs';

// Chromium for the tests and the demo: found, or put there. A browser that is there but does not start (Ubuntu's
// `chromium-browser` is a stub that advertises a snap; a library may be missing) counts as not there.

const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache', 'chromium');
// 147.0.2 asks for Node 22 in its manifest, and its unpacking was seen to work on Node 20.19.
const npmBrowser = '@sparticuz/chromium@147.0.2';

/** The same as the tests start it with: without them Chromium does not run as root. */
const probeArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-port=0'];

/** Where browsers of the Chromium family are installed, best first. */
export function knownPaths({ platform = process.platform, env = process.env, home = homedir() } = {}) {
  if (platform === 'darwin')
    return [
      'Google Chrome.app/Contents/MacOS/Google Chrome',
      'Chromium.app/Contents/MacOS/Chromium',
      'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ].flatMap((app) => [`/Applications/${app}`, `${home}/Applications/${app}`]);
  if (platform === 'win32')
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) =>
        [
          'Google\\Chrome\\Application\\chrome.exe',
          'Chromium\\Application\\chrome.exe',
          'Microsoft\\Edge\\Application\\msedge.exe',
        ].map((file) => `${folder}\\${file}`),
      );
  return [
    ...['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'].map(
      (name) => `/usr/bin/${name}`,
    ),
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ];
}

/**
 * The path of a Chromium that starts; installs one where none does.
 * @param {{ say: (line: string) => void, env?: NodeJS.ProcessEnv }} options `say` gets a line for whatever takes long or went wrong.
 * @throws {Error} when there is none and none can be installed; the message says what to do.
 */
export async function findOrInstallChromium({ say, env = process.env }) {
  const tried = [];
  const accept = async (/** @type {string} */ path) => {
    const problem = await whyNotStarting(path);
    if (problem === undefined) return true;
    tried.push(`${path}: ${problem}`);
    say(`${path} is there but does not start (${problem}); looking further.`);
    return false;
  };

  if (env.CHROMIUM_PATH) {
    if (!existsSync(env.CHROMIUM_PATH))
      say(`CHROMIUM_PATH names ${env.CHROMIUM_PATH}, which does not exist; looking further.`);
    else if (await accept(env.CHROMIUM_PATH)) return env.CHROMIUM_PATH;
  }
  for (const path of [...knownPaths({ env }), join(cache, 'chrome')])
    if (existsSync(path) && (await accept(path))) return path;

  for (const install of [installFromDebian, installFromNpm]) {
    const { path, problem } = await install(say, env);
    if (path && (await accept(path))) return path;
    if (problem) tried.push(problem);
  }
  throw new Error(
    [
      'No Chromium or Chrome that starts was found, and none could be installed.',
      ...tried.map((line) => `  - ${line}`),
      'Install Google Chrome (https://www.google.com/chrome) or Chromium, or set CHROMIUM_PATH to the executable of one, and run this again.',
    ].join('\n'),
  );
}

/** Debian's own package, where this may install it. */
async function installFromDebian(say, env) {
  if (!canInstall()) return {};
  say("No Chromium here: installing Debian's package with apt-get (about 110 MB).");
  const problem = await aptInstall(['chromium'], { env });
  return problem === undefined ? { path: '/usr/bin/chromium' } : { problem };
}

/** A headless Chromium that comes through npm, with the few libraries that a bare system lacks. */
async function installFromNpm(say, env) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return {};
  say(`No Chromium here: installing ${npmBrowser} from npm (67 MB, 200 MB unpacked) into .cache/chromium.`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'unpack-'));
  try {
    await writeFile(join(work, 'package.json'), '{ "private": true, "type": "module" }\n');
    const npm = await runCommand(
      'npm',
      [
        'install',
        npmBrowser,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        '--loglevel=error',
        '--fetch-retry-mintimeout=1000',
        '--fetch-retry-maxtimeout=3000',
      ],
      { cwd: work, env },
    );
    if (npm.code !== 0) return { problem: `npm install ${npmBrowser}: ${reasonIn(npm.output)}` };
    // It unpacks into the temporary folder, and its libraries only where it believes itself in a Lambda.
    const unpack = await runCommand(
      process.execPath,
      ['--input-type=module', '-e', "await (await import('@sparticuz/chromium')).default.executablePath();"],
      { cwd: work, env: { ...env, TMPDIR: work, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' } },
    );
    if (unpack.code !== 0) return { problem: `${npmBrowser} does not unpack: ${reasonIn(unpack.output)}` };
    await rm(join(work, 'node_modules'), { recursive: true });
    await rm(join(cache, 'browser'), { recursive: true, force: true });
    await rename(work, join(cache, 'browser'));
    await writeFile(join(cache, 'chrome'), startScript);
    await chmod(join(cache, 'chrome'), 0o755);
    return { path: join(cache, 'chrome') };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const startScript = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/browser
export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -d /etc/fonts ] || export FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
`;

/** Starts a browser for a moment. Undefined when it came up, else why it did not. */
async function whyNotStarting(/** @type {string} */ path) {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-probe-'));
  try {
    return await new Promise((resolve) => {
      const browser = spawn(path, [...probeArgs, `--user-data-dir=${profile}`, 'about:blank'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let printed = '';
      let answer = /** @type {string | undefined} */ ('it did not come up within 60 s');
      const stop = () => browser.kill('SIGKILL');
      const tooLong = setTimeout(stop, 60_000);
      browser.stderr.setEncoding('utf8');
      browser.stderr.on('data', (text) => {
        printed += text;
        if (!printed.includes('DevTools listening on')) return;
        answer = undefined;
        stop();
      });
      browser.on('error', (error) => {
        answer = error.message;
      });
      browser.on('exit', (code, signal) => {
        if (answer !== undefined && signal !== 'SIGKILL') answer = reasonIn(printed) || `it ended with code ${code}`;
      });
      browser.on('close', () => {
        clearTimeout(tooLong);
        resolve(answer);
      });
    });
  } finally {
    // Its helpers may write for a moment after it is gone.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(() => {});
  }
}

/** The line that says why: npm's own verdict where there is one, else the last. */
function reasonIn(/** @type {string} */ text) {
  const lines = text.trim().split('\n');
  return (lines.find((line) => /npm error code/.test(line)) ?? lines.at(-1) ?? '').trim();
}
