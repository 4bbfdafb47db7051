import { execFile } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findingCodes } from 'clerk-convex-resilience/diagnosis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// Each start of the command is a process of its own.
vi.setConfig({ testTimeout: 60_000 });

// The command as `npx` starts it: the built file, in a folder of somebody's, without a terminal.
const command = fileURLToPath(
  new URL('../../packages/clerk-convex-doctor/bin/clerk-convex-doctor.js', import.meta.url),
);
const library = fileURLToPath(new URL('../../packages/clerk-convex-resilience', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clerk-convex-doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}
const doctor = (...args: string[]): Promise<Ended> => start(folder, args);
const start = (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> =>
  startAs({}, cwd, args, env);
// Executed as a file, so that its first line counts; Windows has npm's shim for that, which is made of that line.
const startAs = (
  who: { readonly uid?: number; readonly gid?: number },
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended> =>
  new Promise((done) => {
    const [file, ...before] = process.platform === 'win32' ? [process.execPath, '--', command] : [command];
    const child = execFile(
      file ?? command,
      [...before, ...args],
      { ...who, cwd, env, timeout: 60_000 },
      (error, stdout, stderr) => done({ code: error ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
/** Of a container: nothing is set but where programs are, not even a home. */
const bare = { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv;

const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
/** Is a folder one that every user may look into? */
async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  return (mode & 0o005) === 0o005 && (path === dirname(path) || (await isOpenToAll(dirname(path))));
}

test('says what it can do', async () => {
  const { code, stdout } = await doctor('--help');
  expect(code).toBe(0);
  for (const word of ['token', 'report', 'backup', 'explain', '--json', '--fix']) expect(stdout).toContain(word);
});

test('could not run where there is no project, and says so', async () => {
  const { code, stdout, stderr } = await doctor('--offline');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/package\.json/);
});

test('names what is wrong in a project, in JSON for programs, and writes nothing', async () => {
  const dependencies = { '@clerk/react': '6.18.0', convex: '1.48.0', react: '19.3.1', vite: '8.3.8' };
  const manifest = JSON.stringify({ name: 'app', dependencies });
  await writeFile(join(folder, 'package.json'), manifest);
  await writeFile(join(folder, '.env.local'), 'VITE_CLERK_PUBLISHABLE_KEY=pk_test_oops\nVITE_CONVEX_URL=nowhere\n');
  const { code, stdout } = await doctor('--offline', '--json');
  const report = JSON.parse(stdout) as { schemaVersion: number; apps: { findings: { code: string }[] }[] };
  expect([code, report.schemaVersion]).toEqual([1, 1]);
  const codes = report.apps.flatMap(({ findings }) => findings.map((finding) => finding.code));
  expect(codes).toEqual(expect.arrayContaining(['PUBLISHABLE_KEY_MALFORMED', 'CONVEX_URL_MALFORMED']));
  expect(await readFile(join(folder, 'package.json'), 'utf8')).toBe(manifest);
});

test('reads the file of --env-file itself: Node, which has an option of that name, runs no code that it names', async () => {
  const app = join(folder, 'with-env-file');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), JSON.stringify({ dependencies: { convex: '1.48.0' } }));
  await writeFile(join(app, 'evil.cjs'), "require('node:fs').writeFileSync('was-run', '')");
  await writeFile(
    join(app, '.env.production'),
    'NODE_OPTIONS=--require ./evil.cjs\nVITE_CLERK_PUBLISHABLE_KEY=pk_test_oops\n',
  );
  for (const option of [['--env-file', '.env.production'], ['--env-file=.env.production']]) {
    const { code, stdout } = await start(app, [...option, '--offline', '--json']);
    expect([code, stdout]).toEqual([1, expect.stringContaining('PUBLISHABLE_KEY_MALFORMED')]);
  }
  await expect(access(join(app, 'was-run'))).rejects.toThrow('ENOENT');

  const missing = await start(app, ['--env-file', '.env.nowhere', '--json']);
  expect([missing.code, JSON.parse(missing.stdout)]).toMatchObject([
    2,
    { exitCode: 2, error: { message: expect.stringContaining('There is no file ".env.nowhere"') } },
  ]);
});

test('`report` is done when it has written its document, whatever that says', async () => {
  const app = join(folder, 'with-errors');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), JSON.stringify({ dependencies: { convex: '1.48.0' } }));
  await writeFile(join(app, '.env'), 'VITE_CLERK_PUBLISHABLE_KEY=pk_test_oops\n');
  const { code, stdout } = await start(app, ['report', '--offline']);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { exitCode: 1 }]);
});

test('runs in a container: without a terminal, a home, or a right to write into the folder', async () => {
  const app = join(folder, 'contained');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), JSON.stringify({ dependencies: { convex: '1.48.0' } }));
  await writeFile(join(app, '.env'), 'VITE_CLERK_PUBLISHABLE_KEY=pk_test_oops\n');
  const before = await readdir(app);
  await chmod(folder, 0o755);
  await chmod(app, 0o555);
  // For root every folder may be written to.
  const who = (await isOpenToAll(dirname(command))) ? nobody : {};
  const start = (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv) => startAs(who, cwd, args, env);
  try {
    const plain = await start(app, ['--offline'], bare);
    expect([plain.code, plain.stderr]).toEqual([1, '']);
    expect(plain.stdout).toContain('PUBLISHABLE_KEY_MALFORMED');
    expect(plain.stdout).not.toContain('\u001b[');
    // It cannot ask, and so it mends nothing.
    expect((await start(app, ['--offline', '--fix'], bare)).code).toBe(1);
    expect((await start(app, ['token', '--offline'], bare)).code).toBe(2);
    expect((await start(app, ['explain', 'CLOCK_SKEW'], bare)).code).toBe(0);
    expect((await start(app, ['report', '--offline'], bare)).code).toBe(0);
    expect(await start(app, ['backup'], bare)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Could not make a backup in [^:]+: this user may not read or write it\.$/m),
    });
  } finally {
    await chmod(app, 0o755);
  }
  expect(await readdir(app)).toEqual(before);
});

test('the container of the README is started with what is there', async () => {
  const text = await readFile(readme, 'utf8');
  const lines = text.match(/docker run [^\n`]+/g) ?? [];
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/^docker run --rm -v "\$PWD:\/app" (?:-v \S+ )?-w \/app node:22 /);
  const [published, cloned] = lines.map((line) => line.split(' node:22 ')[1]);
  const { name, bin } = JSON.parse(await readFile(join(dirname(readme), 'package.json'), 'utf8')) as Manifest;
  expect([published, Object.keys(bin)]).toEqual([`npx --yes ${name}`, [name]]);
  const [program, ...given] = (cloned ?? '').split(' ');
  const args = given.map((arg) => arg.replace(/^\/clone\//, `${fileURLToPath(new URL('../..', import.meta.url))}`));
  expect([program, args]).toEqual(['node', ['--', command]]);
});

interface Manifest {
  readonly name: string;
  readonly bin: object;
}

test('the weekly job of the README runs with the options that it names, and leaves a document', async () => {
  const [, given = ''] =
    /run: npx clerk-convex-doctor ([^>\n]+) > doctor\.json/.exec(await readFile(readme, 'utf8')) ?? [];
  const args = given.split(' ');
  expect(args).toEqual(expect.arrayContaining(['--strict', '--json', '--url']));
  const app = join(folder, 'weekly');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), JSON.stringify({ dependencies: { convex: '1.48.0' } }));
  const env: NodeJS.ProcessEnv = { ...bare, NODE_ENV: 'production', VITE_CLERK_PUBLISHABLE_KEY: 'pk_test_oops' };
  const { code, stdout } = await start(app, [...args, '--offline'], env);
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { schemaVersion: 1, exitCode: 1 }]);
  expect(stdout).toContain('PUBLISHABLE_KEY_MALFORMED');
});

const readme = join(dirname(dirname(command)), 'README.md');
const guide = fileURLToPath(new URL('../../docs/diagnosis.md', import.meta.url));

test('the README has every option, and nothing in it waits for the end of a log that has none', async () => {
  const text = await readFile(readme, 'utf8');
  for (const args of [[], ['token'], ['report'], ['backup']]) {
    const { stdout } = await doctor(...args, '--help');
    const options = [...stdout.matchAll(/^\s+(?:-\w, )?(--[a-z-]+)/gm)].map(([, name = '']) => name);
    expect(options).toContain(args.includes('backup') ? '--restore' : '--env-file');
    // Every command has those of commander's own.
    for (const name of options) if (!['--help', '--version'].includes(name)) expect(text).toContain(name);
  }
  // `convex logs` goes on until it is interrupted.
  expect(text).not.toMatch(/convex logs[^\n]*\|/);
});

test('the README says what is asked of whom, and what the exit codes of each command are', async () => {
  const text = await readFile(readme, 'utf8');
  const paths = ['/v1/jwt_templates', '/v1/jwks', '/v1/users', '/v1/sessions', '/v1/sessions/{id}/tokens'];
  for (const asked of ['convex env list', ...paths]) expect(text).toContain(asked);
  expect(text).toMatch(/`report`, `backup` and `explain` exit with 0/);
});

test.each([
  ['README', readme],
  ['guide', guide],
])(
  'the %s says how to run it from a clone, and leads to the comparison and to nothing that is not there',
  async (_, file) => {
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/not published to npm yet/);
    expect(text).toContain('packages/clerk-convex-doctor/bin/clerk-convex-doctor.js');
    const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
    // Named by the packed README, which has no such file beside it; a link in the guide.
    expect(text).toContain('doctor-compared.md');
    for (const link of links) await access(resolve(dirname(file), link));
  },
);

test('the library brings the page of each finding, where its address leads', async () => {
  for (const code of findingCodes)
    expect(await readFile(join(library, 'dist/findings', `${code}.md`), 'utf8')).toContain(`# ${code}`);
});
