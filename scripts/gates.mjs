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
import { mayBeAccident } from './noAccident.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, '.cache', 'gates');
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}` };
delete env.NODE_ENV; // `production` would build React without what tests need
const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);

/**
 * What a gate found. `passed` and `failed` count the tests in it; `notRun`: this machine cannot run it, which is no pass.
 * `failures`: each test that failed, to be said again at the end of a long run.
 * @typedef {{ ok: boolean, passed: number, failed: number, output: string, failures?: readonly Failure[], notRun?: true }} Outcome
 */

/**
 * A test that failed. `again` plays it once more, alone, and tells whether it passed: only tests on real clocks in
 * real browsers have it, which a busy machine can make too late for what they watch.
 * @typedef {{ name: string, complaint: string, again?: () => Promise<boolean> }} Failure
 */

/** More failures than this are no accident, and are not played again. */
const mostPlayedAgain = 3;

/** Longer than all of it should take: where CI allows 20 minutes, one gate that hangs must not take the others' verdict with it. */
const endAt = Date.now() + 1_175_000;
const timeoutMs = () => (process.env.CI ? Math.max(1_000, endAt - Date.now()) : 1_200_000);

/** A style sheet has no types to look at. */
const noTypes = ['--exclude-entrypoints', 'styles.css'];

/** @typedef {{ name: string, run: () => Promise<Outcome> }} Gate */

/**
 * One stage after the other; the gates of a stage run side by side. What browsers load comes from the build.
 * @type {Gate[][]}
 */
const first = [
  [{ name: 'biome', run: () => commands(['biome', 'check', '--error-on-warnings', '.']) }],
  [
    { name: 'properties', run: () => vitest('properties', { workers: 2 }) },
    { name: 'build', run: () => commands(['pnpm', '--silent', 'build']) },
  ],
];

/**
 * What needs no browser, and fills two cores.
 * @type {Gate[][]}
 */
const withoutBrowser = [
  [{ name: 'unit', run: () => vitest('unit', { workers: 2 }) }],
  [
    { name: 'emulators', run: () => vitest('emulators', { workers: 2 }) },
    { name: 'publint', run: () => commands(...packages.map((path) => ['publint', '--strict', path])) },
    { name: 'typecheck', run: () => commands(['pnpm', '--silent', 'typecheck']) },
  ],
  // Each of these two keeps one core busy for most of its time.
  [
    { name: 'doctor', run: () => vitest('doctor', { workers: 2, testEnv: { PRECISION: 'brief' } }) },
    { name: 'eslint', run: () => commands(['eslint', '--max-warnings=0', '.']) },
    { name: 'oxlint', run: () => commands(['oxlint', '--type-aware', '--deny-warnings', '.']) },
  ],
  [
    { name: 'dist', run: () => vitest('dist') },
    {
      name: 'attw',
      run: () => commands(...packages.map((path) => ['attw', '--pack', path, '--profile', 'esm-only', ...noTypes])),
    },
    { name: 'size-limit', run: () => commands(['size-limit']) },
    { name: 'knip', run: () => commands(['knip']) },
  ],
];

/**
 * These mostly wait, the one for networks that are broken for as long as they are, the others for Convex's own timers: so
 * they run beside all of those. @type {Gate[]}
 */
const beside = [
  { name: 'network', run: network },
  { name: 'contract-client', run: () => vitest('contract-client', { again: true }) },
  { name: 'contract-oldest', run: () => vitest('contract-oldest', { again: true }) },
];

/**
 * These drive browsers, and fill two cores: more of them side by side take no less time, and flake. The app's person and the
 * fault bench wait for half of their time.
 * @type {Gate[][]}
 */
const inBrowsers = [
  [{ name: 'contract', run: () => vitest('contract', { workers: 4, again: true }) }],
  [{ name: 'engines', run: engines }],
  [{ name: 'stories', run: () => vitest('stories', { workers: 2, testEnv: { STORIES: 'brief' }, again: true }) }],
  [
    { name: 'e2e', run: () => vitest('e2e', { again: true }) },
    { name: 'faults', run: faultBench },
  ],
  // The one waits for faults to pass while the other builds.
  [
    { name: 'next', run: () => vitest('next', { again: true }) },
    { name: 'next-build', run: () => vitest('next-build', { testEnv: { NEXT_BUILD: 'brief' }, again: true }) },
  ],
  // A build or a test that rewrites a tracked file would go unnoticed on a developer's machine.
  ...(process.env.CI ? [[{ name: 'clean tree', run: cleanTree }]] : []),
];
const gates = [...first.flat(), ...withoutBrowser.flat(), ...beside, ...inBrowsers.flat()];

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
async function vitest(project, { prefix = [], testEnv = {}, workers = 0, again = false } = {}) {
  const atOnce = workers > 0 ? [`--maxWorkers=${workers}`] : [];
  const run = (/** @type {string[]} */ ...only) =>
    vitestReport(project, [...prefix, 'vitest', 'run', '--project', project, ...atOnce, ...only], testEnv);
  const { code, output, counts } = await run();
  if (!counts) return { ok: false, passed: 0, failed: 0, output: output || 'vitest wrote no report' };
  const skipped = counts.numPendingTests + counts.numTodoTests;
  const complaints = [
    counts.numTotalTests === 0 && 'no test was run',
    skipped > 0 && `${skipped} tests were skipped`,
    // Of no test, so a second try of those that failed says nothing of them.
    code !== 0 && output.includes('Unhandled Error') && 'there were errors outside of the tests',
    code !== 0 && counts.numFailedTests === 0 && `vitest ended with code ${code} though no test failed`,
  ].filter((complaint) => complaint !== false);
  const failures = counts.testResults.flatMap(failuresIn).map(({ file, test, complaint }) => ({
    name: test === undefined ? file : `${file} > ${test}`,
    complaint,
    ...(again && test !== undefined && mayBeAccident(complaint) && { again: () => passesAlone(run, file, test) }),
  }));
  return {
    ok: code === 0 && complaints.length === 0,
    passed: counts.numPassedTests,
    failed: counts.numFailedTests,
    output: complaints.join('\n'),
    failures,
  };
}

/** Whether a test passes when nothing else is run. */
async function passesAlone(run, /** @type {string} */ file, /** @type {string} */ test) {
  const { code, counts } = await run(file, '-t', `^${test.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}$`);
  return code === 0 && counts?.numPassedTests === 1 && counts.numFailedTests === 0;
}

/** Runs vitest and reads what it reports. */
async function vitestReport(/** @type {string} */ project, /** @type {string[]} */ line, testEnv) {
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const [command, ...args] = [...line, ...reporters];
  const { code, output } = await runCommand(command, args, {
    cwd: root,
    env: { ...env, ...testEnv },
    show: 'all',
    label: project,
    timeoutMs: timeoutMs(),
  });
  return { code, output, counts: existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined };
}

/**
 * The failed tests of a file in vitest's JSON report; the file itself where it could not be run.
 * @returns {Array<{ file: string, test?: string, complaint: string }>}
 */
function failuresIn({ name, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (message && failed.length === 0) return [{ file, complaint: firstLines(message) }];
  return failed.map(({ fullName, failureMessages }) => ({
    file,
    test: fullName,
    complaint: firstLines(failureMessages.join('\n')),
  }));
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
  return vitest('engines', { workers: 3, testEnv: asked ? { ENGINES: asked } : {}, again: true });
}

/** Where there can be no network namespace there is no such test; in CI that is a failure. @returns {Promise<Outcome>} */
async function network() {
  const { prefix, problem } = await ownNetwork({ say, env });
  if (problem === undefined) return vitest('network', { prefix, again: true });
  const output = `It cannot run here: ${problem}`;
  return process.env.CI
    ? { ok: false, passed: 0, failed: 0, output }
    : { ok: true, notRun: true, passed: 0, failed: 0, output };
}

const say = (/** @type {string} */ line) => console.log(`    ${line}`);

/**
 * The seed of the bench's random schedules: 1, or what `SCHEDULES` names; `commit`: each commit has others, and one commit always the same. The bench
 * prints it, and with a row that fails what plays it again.
 */
async function schedules() {
  const { SCHEDULES: wanted = '1' } = process.env;
  if (wanted !== 'commit') return wanted;
  const { code, stdout } = await runCommand('git', ['rev-parse', 'HEAD'], { cwd: root, env });
  return code === 0 ? String(Number.parseInt(stdout.slice(0, 6), 16)) : '1'; // of an archive, which has no commits
}

/** The brief part of the fault bench, in Chromium: each row is a test. @returns {Promise<Outcome>} */
async function faultBench() {
  const seed = await schedules();
  const bench = (/** @type {string[]} */ more) =>
    runCommand('pnpm', ['--silent', 'bench:faults', '--brief', '--schedules', seed, ...more], {
      cwd: root,
      env,
      show: 'stderr',
      timeoutMs: timeoutMs(),
    });
  const { code, output } = await bench(['--concurrency', '36']);
  const [passed, failed] = output
    .match(/^(\d+) passed, (\d+) failed$/m)
    ?.slice(1)
    .map(Number) ?? [0, 0];
  const complaints = [
    passed + failed === 0 && 'no row was run',
    code !== 0 && failed === 0 && `bench:faults ended with code ${code} though no row failed`,
  ].filter((complaint) => complaint !== false);
  /** @type {Map<string, Promise<boolean>>} several rows may be of one life */
  const playedAgain = new Map();
  const passesAgain = (/** @type {string} */ only) => {
    const result = playedAgain.get(only) ?? bench(only.split(' ')).then((again) => again.code === 0);
    playedAgain.set(only, result);
    return result;
  };
  // FAILED life_01/wake/hang/once (--clerk 5 --only ^life_01$), chromium: says
  //   - what is wrong
  const failures = [...output.matchAll(/^FAILED (?<id>\S+) \((?<only>.*?)\), .*(?<problems>(?:\n {2}- .*)*)/gm)].map(
    ({ groups: { id, only, problems } }) => ({
      name: `${id} ${only}`,
      complaint: problems.trim(),
      ...(mayBeAccident(problems) && { again: () => passesAgain(only) }),
    }),
  );
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
/** @type {Array<{ name: string } & Outcome>} */
const ended = [];
const isAsked = (/** @type {Gate} */ { name }) => asked.length === 0 || asked.includes(name);
await inTurn(first);
await Promise.all([inTurn(withoutBrowser), inTurn([beside])]);
await inTurn(inBrowsers);
const secondTries = await playAgain();

// A run prints thousands of lines: what went wrong must not have to be looked for in them.
for (const line of secondTries) console.log(`\n! ${line}`);
const broken = ended.filter(({ ok }) => !ok);
for (const { name, failures = [], output } of broken) {
  for (const failure of failures) console.log(`\n✗ ${name}: ${failure.name}\n${failure.complaint}`);
  if (failures.length === 0) console.log(`\n✗ ${name}: ${output.trim().slice(-1_200)}`);
}
const namesOf = (/** @type {typeof ended} */ some) => some.map(({ name }) => name).join(', ');
const notRun = ended.filter((gate) => gate.notRun);
const lists = Object.entries({ failed: broken, 'could not run here': notRun }).filter(([, some]) => some.length > 0);
const summary = lists.map(([what, some]) => `; ${what}: ${namesOf(some)}`).join('');
console.log(`\n${seconds(Date.now() - startedAt)}${summary}`);
// A gate counts as one more, unless it could not run.
const passed = ended.reduce((sum, gate) => sum + gate.passed + (gate.ok && !gate.notRun ? 1 : 0), 0);
const failed = ended.reduce((sum, gate) => sum + gate.failed + (gate.ok ? 0 : 1), 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** Runs stages one after the other, as far as they are asked for. */
async function inTurn(/** @type {Gate[][]} */ stages) {
  for (const stage of stages) await Promise.all(stage.filter(isAsked).map(runGate));
}

/** Runs one and says what came of it. */
async function runGate(/** @type {Gate} */ gate) {
  const gateStartedAt = Date.now();
  console.log(`▶ ${gate.name}`);
  const outcome = await gate.run();
  ended.push({ name: gate.name, ...outcome });
  const { ok, output, notRun: isNotRun, passed: good, failed: bad } = outcome;
  if (output) console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  const tests = good + bad > 0 ? `, ${good} of ${good + bad} tests` : '';
  console.log(`${isNotRun ? '–' : ok ? '✓' : '✗'} ${gate.name} (${seconds(Date.now() - gateStartedAt)}${tests})`);
}

/**
 * Plays the few failures that may be the machine's once more, when nothing else runs. What passes then has passed, and is
 * said by name; a gate is mended only when all that failed in it is. @returns {Promise<string[]>} what to say of it
 */
async function playAgain() {
  const failures = ended.flatMap((gate) => gate.failures ?? []);
  if (failures.length > mostPlayedAgain) return [];
  const said = [];
  for (const gate of ended) {
    const left = [];
    for (const failure of gate.failures ?? []) {
      if (failure.again) console.log(`▶ again, alone: ${failure.name}`);
      if (await failure.again?.()) said.push(`Passed at the second try, alone: ${failure.name}\n${failure.complaint}`);
      else left.push(failure);
    }
    const mended = (gate.failures ?? []).length - left.length;
    if (mended === 0) continue;
    Object.assign(gate, { failures: left, passed: gate.passed + mended, failed: gate.failed - mended });
    if (left.length === 0 && gate.output === '') gate.ok = true;
  }
  return said;
}
