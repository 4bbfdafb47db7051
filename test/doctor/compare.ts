/**
 * Writes `docs/doctor-compared.md`: what this doctor and Clerk's own find in the same projects. By hand:
 *
 *   pnpm exec tsx test/doctor/compare.ts
 *
 * It needs the registry once, for `npx clerk@3.3.0`; that doctor is run in a folder outside of the repository, with a home of
 * its own, without login, and with its telemetry off.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FindingCode } from 'clerk-convex-resilience/diagnosis';
import { type Case, draftFor, singleCases } from './cases.ts';
import { createDiagnosis } from './createDiagnosis.ts';
import { draftOf, type Mutation } from './Draft.ts';
import { next } from './projects/next.ts';
import { createWorkshop } from './writeProject.ts';

const version = '3.3.0';
const file = fileURLToPath(new URL('../../docs/doctor-compared.md', import.meta.url));

interface ClerkCheck {
  readonly name: string;
  readonly status: 'pass' | 'warn' | 'fail';
  readonly message: string;
}

const home = mkdtempSync(join(tmpdir(), 'clerk-home-'));

/** `npx clerk doctor --json` in a folder: its checks. */
function askClerk(cwd: string): Promise<readonly ClerkCheck[]> {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    npm_config_cache: process.env.npm_config_cache,
    CLERK_TELEMETRY_DISABLED: '1',
  };
  return new Promise((resolve, reject) => {
    // Its exit code is 1 in a project that is not linked: what counts is what it prints.
    execFile(
      'npx',
      ['--yes', `clerk@${version}`, 'doctor', '--json'],
      { cwd, env: env as unknown as NodeJS.ProcessEnv, timeout: 120_000 },
      (error, stdout) => {
        const json = /^\[[\s\S]*^\]/m.exec(stdout)?.[0];
        if (json === undefined) reject(error ?? new Error(`No JSON: ${stdout.slice(0, 300)}`));
        else resolve(JSON.parse(json) as ClerkCheck[]);
      },
    );
  });
}

const spoken = ({ name, status, message }: ClerkCheck): string => tidy(`${name}: ${status}, ${message}`);
/** Without the folder of this run. */
const tidy = (text: string): string => text.replaceAll(home, '~').replace(/\s+/g, ' ').trim();
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Of a mutation: does it change what is in the files? Only that can Clerk's doctor see without login. */
const isInFiles = ({ make }: Mutation): boolean => {
  const clean = draftOf(next);
  const draft = draftOf(next);
  make(draft);
  return JSON.stringify([...draft.files]) !== JSON.stringify([...clean.files]) || draft.ages.size > 0;
};

const workshop = createWorkshop();
const diagnosis = createDiagnosis(workshop);
const cleanRoot = workshop.write(draftOf(next));
const healthy = await askClerk(cleanRoot);
const usual = new Set(healthy.map(spoken));

interface Row {
  readonly mutation: Mutation;
  readonly codes: readonly FindingCode[];
  readonly isRight: boolean;
  /** What Clerk's doctor says that it does not say of the clean project; absent: it could not see it. */
  readonly clerk?: readonly string[];
}

async function compare({ mutations, expected, ...rest }: Case): Promise<Row> {
  const [mutation] = mutations as [Mutation];
  const draft = draftFor({ mutations, expected, ...rest });
  const codes = [...new Set((await diagnosis(draft)).map(({ code }) => code))];
  const isRight = codes.length === expected.size && codes.every((code) => expected.has(code));
  if (!isInFiles(mutation)) return { mutation, codes, isRight };
  const root = workshop.write(draft);
  const clerk = (await askClerk(root)).map(spoken).filter((line) => !usual.has(line));
  workshop.remove(root);
  return { mutation, codes, isRight, clerk };
}

const rows: Row[] = [];
const cases = singleCases().filter(({ project, expected }) => project === next && expected.size > 0);
for (const each of cases) {
  rows.push(await compare(each));
  process.stderr.write(`${rows.length} of ${cases.length}: ${each.name}\n`);
}
workshop.close();
rmSync(home, { recursive: true, force: true });

const inFiles = rows.filter(({ clerk }) => clerk !== undefined);
const noticed = inFiles.filter(({ clerk }) => clerk && clerk.length > 0);
const line = ({ mutation, codes, isRight, clerk }: Row): string => {
  const told = clerk === undefined ? 'not asked' : clerk.length === 0 ? 'nothing' : clerk.join('; ');
  return `| ${cell(mutation.name)} | ${codes.map((code) => `\`${code}\``).join(', ')}${isRight ? '' : ' (wrong)'} | ${cell(told)} |`;
};

writeFileSync(
  file,
  `# Beside \`clerk doctor\`

Clerk's own command line has a doctor. This is what both say of one app, Convex's Next.js template, after one thing in it was
made wrong. Measured on ${new Date().toISOString().slice(0, 10)} with \`clerk\` ${version} (\`npx clerk@${version} doctor --json\`) and Node ${process.versions.node}, by

\`\`\`
pnpm exec tsx test/doctor/compare.ts
\`\`\`

Clerk's doctor was run as it runs for somebody who has not logged in, without a linked application. It then takes the keys from
\`.env.local\`, calls the app an "unclaimed accountless application", and asks nobody but the npm registry, for its own newest
version: without any network that check alone turns into a warning. With a login and a link it also has checks of whether the
application is reachable and the instance ids fit; they were not measured, since they need an account. Of the clean app it says:

| check | status | says |
| --- | --- | --- |
${healthy.map(({ name, status, message }) => `| ${name} | ${status} | ${cell(tidy(message))} |`).join('\n')}

In the table, "nothing" means that it says of the broken app what it says of the clean one. "not asked": the mistake is in no
file of the project (it is in Convex's dashboard, in Clerk's, or in the network), where it does not look without login; this
doctor was given the answers of the network.

**Of ${rows.length} mistakes, clerk-convex-doctor names ${rows.filter(({ isRight }) => isRight).length} by their code and says nothing else. ${inFiles.length} of them are in the project's files;
\`clerk doctor\` says something of ${noticed.length} of those.** They look at different things: Clerk's at the login, the link and its own
configuration, and the presence of its keys; this one at whether Clerk and Convex work together. The mistakes are those that this
one knows, so the table does not show what only Clerk's would find.

| made wrong | clerk-convex-doctor | clerk doctor |
| --- | --- | --- |
${rows.map(line).join('\n')}
`,
);
