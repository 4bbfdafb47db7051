#!/usr/bin/env node
// `npm test`, `npm run demo` and `npm run storybook` on a machine that has Node and npm and nothing else: brings pnpm, installs the workspace,
// finds or brings a Chromium, then hands over to the script `<task>:run` of package.json. Plain Node: it runs before
// anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededNode = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < neededNode[0] || (major === neededNode[0] && minor < neededNode[1])) {
  console.error(
    `Node ${process.versions.node} is too old: ${neededNode.join('.')} or newer is needed. Install it from https://nodejs.org and run this again.`,
  );
  process.exit(1);
}
const { runCommand, seconds } = await import('./command.mjs');
const { findOrInstallChromium } = await import('./chromium.mjs');

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const env = cleanEnvironment();

const [task, ...rest] = process.argv.slice(2);
if (!task || !manifest.scripts[`${task}:run`]) {
  const tasks = Object.keys(manifest.scripts).filter((name) => name.endsWith(':run'));
  console.error(`Usage: node scripts/run.mjs ${tasks.map((name) => name.slice(0, -4)).join('|')} [arguments]`);
  process.exit(1);
}
await step('dependencies', install);
env.CHROMIUM_PATH = await step('browser', () => findOrInstallChromium({ say: detail, env }));
process.exitCode = await handOver([...rest, ...optionsTakenByNpm()]);

/**
 * What `npm run` leaves in the environment is npm's own configuration, which pnpm warns about or obeys. What says where
 * and through which proxy packages come from stays.
 */
function cleanEnvironment() {
  const npmOnly =
    /^npm_(config_(?!cache$|registry$|userconfig$|https?[-_]proxy$|proxy$|noproxy$|cafile$|strict[-_]ssl$)|package_|lifecycle_|command$|execpath$|node_execpath$)/i;
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !npmOnly.test(name)));
  delete kept.NODE_ENV; // `production` would leave out every tool
  return kept;
}

/** `npm run demo --clerk=6`, without the `--` before it, reaches this script as npm configuration. */
function optionsTakenByNpm() {
  return ['clerk', 'port', 'open'].flatMap((name) => {
    const value = process.env[`npm_config_${name}`];
    if (value === undefined) return [];
    if (value === '') return [`--no-${name}`]; // npm's way to write `--no-open`
    return [value === 'true' ? `--${name}` : `--${name}=${value}`];
  });
}

async function install() {
  const stamp = join(root, 'node_modules', '.installed-for');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
    .update([process.version, process.platform, process.arch].join())
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'unchanged';
  const pnpm = manifest.packageManager.split('+')[0];
  detail(`installing with ${pnpm}`);
  // npm waits over a minute before it says that there is no network; pnpm, which downloads hundreds of files, keeps its patience.
  const quickRetries = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000'];
  const patientRetries = ['--fetch-retry-mintimeout=10000', '--fetch-retry-maxtimeout=60000'];
  // npx and not corepack: corepack checks signatures that a registry mirror may not serve. CI: pnpm must not ask.
  const { code, output } = await runCommand(
    'npx',
    ['--yes', ...quickRetries, pnpm, 'install', '--frozen-lockfile', '--reporter=append-only', ...patientRetries],
    { cwd: root, env: { ...env, CI: 'true' }, show: 'all' },
  );
  if (code !== 0) throw new Error(`${pnpm} install ended with code ${code}. ${adviceFor(output)}`);
  writeFileSync(stamp, wanted);
  return 'installed';
}

/** What to do about a failed install. */
function adviceFor(output) {
  const advice = [
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL|network/i,
      'The package registry could not be reached: check the connection, the proxy (HTTPS_PROXY) and `npm config get registry`, then run this again.',
    ],
    [
      /CERT|self[- ]signed/i,
      "The registry's certificate is not trusted: set NODE_EXTRA_CA_CERTS to your company's certificate.",
    ],
    [
      /\b40[137]\b|E40[137]/,
      'The registry refused: log in to it, or point `npm config set registry` to one that you may use.',
    ],
    [/ENOSPC/, 'The disk is full.'],
    [/EACCES|EPERM|EROFS/, `Permission is missing: check who owns ${root}, ~/.npm and pnpm's store.`],
    [
      /OUTDATED_LOCKFILE/,
      `package.json and pnpm-lock.yaml disagree: run \`npx ${manifest.packageManager} install\` and commit the lockfile.`,
    ],
    [/could not be started/, 'npx comes with npm: install Node from https://nodejs.org with npm.'],
  ].find(([pattern]) => pattern.test(output));
  return advice?.[1] ?? 'Its output is above.';
}

/** One line when a step begins to take time, one when it is done. */
async function step(name, work) {
  const startedAt = Date.now();
  try {
    const result = await work();
    console.log(`✓ ${name}: ${result} (${seconds(Date.now() - startedAt)})`);
    return result;
  } catch (error) {
    console.error(`✗ ${name} (${seconds(Date.now() - startedAt)})\n${error.message}`);
    process.exit(1);
  }
}

function detail(line) {
  console.log(`  ${line}`);
}

/** Runs the task until it ends, or until this script is told to end: then with all that it started. */
function handOver(args) {
  const pnpm = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
  const isWindows = process.platform === 'win32';
  const child = spawn(process.execPath, [pnpm, '--silent', 'run', `${task}:run`, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: !isWindows, // a group of its own: pnpm does not pass signals on
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (isWindows || child.pid === undefined) child.kill(signal);
      else process.kill(-child.pid, signal);
    });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${task} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
