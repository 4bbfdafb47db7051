#!/usr/bin/env node
// Everything that must hold before a change is taken, in order, cheapest first. A gate that fails does not stop the
// rest: one run shows all that is wrong. Ends with `N passed, N failed`, which counts tests and gates.
//   node scripts/gates.mjs            all of them
//   node scripts/gates.mjs unit knip  only those
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand, seconds } from './command.mjs';
import { installEngines } from './engines.mjs';
import { ownNetwork } from './network.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, '.cache', 'gates');
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}` };
delete env.NODE_ENV; // `production` would build React without what tests need
const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);

/**
 * What a gate found. `passed` and `failed` count the tests in it; `notRun`: this machine cannot run it, which is no pass.
 * `failures`: each test that failed, with its complaint, to be said again at the end of a long run.
 * @typedef {{ ok: boolean, passed: number, failed: number, output: string, failures?: readonly string[], notRun?: true }} Outcome
 */

/** Longer than all of it should take: where CI allows 20 minutes, one gate that hangs must not take the others' verdict with it. */
const endAt = Date.now() + 1_175_000;
const timeoutMs = () => (process.env.CI ? Math.max(1_000, endAt - Date.now()) : 1_200_000);

/** A style sheet has no types to look at. */
const noTypes = ['--exclude-entrypoints', 'styles.css'];

/**
 * One stage after the other; the gates of a stage run side by side, where each leaves a core idle.
 * @type {Array<Array<{ name: string, run: () => Promise<Outcome> }>>}
 */
const stages = [
  [{ name: 'biome', run: () => commands(['biome', 'check', '--error-on-warnings', '.']) }],
  [{ name: 'unit', run: () => vitest('unit') }],
  [
    { name: 'properties', run: () => vitest('properties') },
    { name: 'build', run: () => commands(['pnpm', '--silent', 'build']) },
  ],
  [{ name: 'emulators', run: () => vitest('emulators') }],
  [
    { name: 'dist', run: () => vitest('dist') },
    { name: 'publint', run: () => commands(...packages.map((path) => ['publint', '--strict', path])) },
  ],
  [
    {
      name: 'attw',
      run: () => commands(...packages.map((path) => ['attw', '--pack', path, '--profile', 'esm-only', ...noTypes])),
    },
    { name: 'size-limit', run: () => commands(['size-limit']) },
    { name: 'knip', run: () => commands(['knip']) },
  ],
  // From here on they drive browsers, and fill two cores: more of them side by side take no less time, and flake.
  [
    { name: 'contract', run: () => vitest('contract', { workers: 3 }) },
    { name: 'typecheck', run: () => commands(['pnpm', '--silent', 'typecheck']) },
  ],
  [
    { name: 'contract-oldest', run: () => vitest('contract-oldest') },
    { name: 'e2e', run: () => vitest('e2e') },
    { name: 'engines', run: engines },
  ],
  [
    { name: 'network', run: network },
    { name: 'eslint', run: () => commands(['eslint', '--max-warnings=0', '.']) },
  ],
  [{ name: 'faults', run: faultBench }],
  // A build or a test that rewrites a tracked file would go unnoticed on a developer's machine.
  ...(process.env.CI ? [[{ name: 'clean tree', run: cleanTree }]] : []),
];
const gates = stages.flat();

/** Runs commands one after the other, all of them. @returns {Promise<Outcome>} */
async function commands(...lines) {
  let output = '';
  let ok = true;
  for (const [command, ...args] of lines) {
    const result = await runCommand(command, args, { cwd: root, env, timeoutMs: timeoutMs() });
    ok &&= result.code === 0;
    if (result.code !== 0) output += result.output;
  }
  return { ok, passed: 0, failed: 0, output };
}

/** Runs one project of vitest.config.ts. A run without a test, and a test that was skipped, fail. @returns {Promise<Outcome>} */
async function vitest(project, { prefix = [], testEnv = {}, workers = 0 } = {}) {
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const atOnce = workers > 0 ? [`--maxWorkers=${workers}`] : [];
  const [command, ...args] = [...prefix, 'vitest', 'run', '--project', project, ...reporters, ...atOnce];
  const { code, output } = await runCommand(command, args, {
    cwd: root,
    env: { ...env, ...testEnv },
    show: 'all',
    label: project,
    timeoutMs: timeoutMs(),
  });
  if (!existsSync(report)) return { ok: false, passed: 0, failed: 0, output: output || 'vitest wrote no report' };
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = counts.numPendingTests + counts.numTodoTests;
  const complaints = [
    counts.numTotalTests === 0 && 'no test was run',
    skipped > 0 && `${skipped} tests were skipped`,
    code !== 0 && counts.numFailedTests === 0 && `vitest ended with code ${code} though no test failed`,
  ].filter((complaint) => complaint !== false);
  return {
    ok: code === 0 && complaints.length === 0,
    passed: counts.numPassedTests,
    failed: counts.numFailedTests,
    output: complaints.join('\n'),
    failures: counts.testResults.flatMap(failuresIn),
  };
}

/** The failed tests of a file in vitest's JSON report; the file itself where it could not be run. @returns {string[]} */
function failuresIn({ name, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (message && failed.length === 0) return [`${file}\n${firstLines(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${file} > ${fullName}\n${firstLines(failureMessages.join('\n'))}`,
  );
}

/** Enough of a complaint to know what it is about. */
const firstLines = (/** @type {string} */ text) =>
  text
    .trim()
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .slice(0, 8)
    .join('\n')
    .slice(0, 1_200);

/** In CI all engines, elsewhere those that are installed; ENGINES names others, and then they are installed. @returns {Promise<Outcome>} */
async function engines() {
  const asked = process.env.ENGINES ?? (process.env.CI ? 'all' : '');
  const names = asked === 'all' ? undefined : asked.split(',').filter(Boolean);
  try {
    await installEngines({ ...(names && { names }), say, env });
  } catch (error) {
    return { ok: false, passed: 0, failed: 0, output: error.message };
  }
  return vitest('engines', { testEnv: asked ? { ENGINES: asked } : {} });
}

/** Where there can be no network namespace there is no such test; in CI that is a failure. @returns {Promise<Outcome>} */
async function network() {
  const { prefix, problem } = await ownNetwork({ say, env });
  if (problem === undefined) return vitest('network', { prefix });
  const output = `It cannot run here: ${problem}`;
  return process.env.CI
    ? { ok: false, passed: 0, failed: 0, output }
    : { ok: true, notRun: true, passed: 0, failed: 0, output };
}

const say = (/** @type {string} */ line) => console.log(`    ${line}`);

/** The brief part of the fault bench, in Chromium: each row is a test. @returns {Promise<Outcome>} */
async function faultBench() {
  const command = ['--silent', 'bench:faults', '--brief', '--concurrency', '24'];
  const { code, output } = await runCommand('pnpm', command, {
    cwd: root,
    env,
    show: 'stderr',
    timeoutMs: timeoutMs(),
  });
  const [passed, failed] = output
    .match(/^(\d+) passed, (\d+) failed$/m)
    ?.slice(1)
    .map(Number) ?? [0, 0];
  const complaints = [
    passed + failed === 0 && 'no row was run',
    code !== 0 && failed === 0 && `bench:faults ended with code ${code} though no row failed`,
  ].filter((complaint) => complaint !== false);
  const failures = output.match(/^FAILED .*(?:\n {2}- .*)*/gm) ?? [];
  return { ok: code === 0 && complaints.length === 0, passed, failed, output: complaints.join('\n'), failures };
}

/** @returns {Promise<Outcome>} */
async function cleanTree() {
  const { code, output } = await runCommand('git', ['status', '--porcelain'], { cwd: root, env });
  const ok = code === 0 && output.trim() === '';
  return { ok, passed: 0, failed: 0, output: ok ? '' : `Files that the gates changed or left behind:\n${output}` };
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !gates.some((gate) => gate.name === name));
if (unknown.length > 0) {
  console.error(`No gate is called ${unknown.join(', ')}. There are: ${gates.map((gate) => gate.name).join(', ')}.`);
  process.exit(1);
}

mkdirSync(reports, { recursive: true });
const startedAt = Date.now();
const total = { passed: 0, failed: 0 };
const broken = [];
const notRun = [];
/** @type {string[]} */
const complaints = [];
for (const stage of stages)
  await Promise.all(stage.filter(({ name }) => asked.length === 0 || asked.includes(name)).map(runGate));
// A run prints thousands of lines: what went wrong must not have to be looked for in them.
for (const complaint of complaints) console.log(`\n✗ ${complaint}`);
const lists = Object.entries({ failed: broken, 'could not run here': notRun }).filter(([, names]) => names.length > 0);
const summary = lists.map(([what, names]) => `; ${what}: ${names.join(', ')}`).join('');
console.log(`\n${seconds(Date.now() - startedAt)}${summary}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs one and says what came of it. */
async function runGate(/** @type {(typeof gates)[number]} */ gate) {
  const gateStartedAt = Date.now();
  console.log(`▶ ${gate.name}`);
  const { ok, passed, failed, output, failures = [], notRun: isNotRun } = await gate.run();
  total.passed += passed + (ok && !isNotRun ? 1 : 0);
  total.failed += failed + (ok ? 0 : 1);
  if (!ok) {
    broken.push(gate.name);
    for (const failure of failures) complaints.push(`${gate.name}: ${failure}`);
    if (failures.length === 0) complaints.push(`${gate.name}: ${output.trim().slice(-1_200)}`);
  }
  if (isNotRun) notRun.push(gate.name);
  if (output) console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  const tests = passed + failed > 0 ? `, ${passed} of ${passed + failed} tests` : '';
  console.log(`${isNotRun ? '–' : ok ? '✓' : '✗'} ${gate.name} (${seconds(Date.now() - gateStartedAt)}${tests})`);
}
