import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findingCodes } from 'clerk-convex-resilience/diagnosis';
import { afterAll, beforeAll, expect, test } from 'vitest';

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
const doctor = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd: folder, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });

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

test('the library brings the page of each finding, where its address leads', async () => {
  for (const code of findingCodes)
    expect(await readFile(join(library, 'dist/findings', `${code}.md`), 'utf8')).toContain(`# ${code}`);
});
