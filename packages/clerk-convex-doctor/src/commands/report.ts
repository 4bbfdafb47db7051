import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Claims } from 'clerk-convex-resilience/diagnosis';
import { decodeJwt } from 'jose';
import { writeAtomically } from '../backup/writeAtomically.ts';
import { CannotRun, faultOf } from '../cannotRun.ts';
import { DoctorError } from '../DoctorError.ts';
import { readLog } from '../log/readLog.ts';
import { jsonReport } from '../print/jsonReport.ts';
import { redactDeep } from '../print/redactDeep.ts';
import { wordingOf } from '../print/wordingOf.ts';
import { explainReference } from '../report/explainReference.ts';
import { readEvents } from '../report/readEvents.ts';
import { type RunOptions, runDoctor } from '../runDoctor.ts';
import type { AppReport, DoctorReport } from '../types.ts';
import { doctorVersion } from '../version.ts';
import { readFileFor } from './readFileFor.ts';
import { type Call, doctorOptions, rootOf } from './settings.ts';

/** `report [reference]`: everything that helps somebody else to see what is wrong, and nothing that is secret or personal. */
export async function report(call: Call, words: readonly string[]): Promise<number> {
  const { flags, io, terminal } = call;
  const reference = words.length > 0 ? explainReference(words.join(' ')) : undefined;
  if (reference === null) {
    throw new CannotRun(
      `"${words.join(' ')}" is no reference. One looks like JWT_TEMPLATE_MISSING 20261126T1844Z, as the notice in the app shows it.`,
    );
  }
  const root = await rootOf(call);
  const options: RunOptions = {
    ...(await doctorOptions(call, root)),
    now: io.now(),
    ...(flags.log !== undefined && { log: readLog(await readFileFor('--log', flags.log, io)) }),
  };
  const events = flags.events === undefined ? undefined : readEvents(await readFileFor('--events', flags.events, io));
  const claims = flags.token === undefined ? undefined : claimsOf(await tokenFrom(flags.token, call));
  const found = await runDoctor(options).catch((error: unknown): DoctorReport => {
    // Who is told a reference may have no copy of the project: what it means can be said all the same.
    if (reference && error instanceof DoctorError) return { apps: [], skipped: [] };
    throw error;
  });
  const wording = wordingOf(flags.lang ?? 'en');
  const bundle = redactDeep({
    ...jsonReport(found, wording, {
      doctorVersion: doctorVersion(),
      now: io.now(),
      exitCode: hasErrors(found) ? 1 : 0,
    }),
    ...(reference && { reference }),
    system: { node: process.version, platform: process.platform, arch: process.arch },
    versions: found.apps.map(versionsOf),
    environment: found.apps.map(environmentOf),
    ...(claims && { claims }),
    ...(events && { events }),
  });

  if (reference) for (const line of referenceLines(reference)) terminal.errorLine(line);
  if (flags.output === undefined) {
    terminal.json(bundle);
  } else {
    const text = `${JSON.stringify(bundle, null, 2)}\n`;
    const path = resolve(io.cwd, flags.output);
    await refuseForeign(path, flags.output);
    await writeAtomically(dirname(path), [{ file: basename(path), text, mode: 0o600 }]);
    terminal.line(`Written: ${flags.output}. Read it before you attach it anywhere.`);
  }
  return 0;
}

/** What a report of before has written may be written over, and nothing else. */
async function refuseForeign(path: string, given: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CannotRun(`Could not write "${given}" for --output: ${faultOf(error)}.`);
  });
  if (before === undefined || /^\{\s*"schemaVersion": \d+,\s*"doctorVersion"/.test(before)) return;
  throw new CannotRun(`"${given}" is there already, and is no report: --output needs another name.`);
}

const hasErrors = ({ apps }: DoctorReport): boolean =>
  apps.some(({ findings }) => findings.some(({ severity }) => severity === 'error'));

const tokenFrom = async (given: string, { io }: Call): Promise<string> =>
  (given === '-' ? await readFileFor('--token', '-', io) : given).trim().replace(/^bearer\s+/i, '');

/** Claims that say nothing of a person, with what they say; of the others the name. */
const impersonal = ['iss', 'aud', 'azp', 'iat', 'exp', 'nbf'];
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  let claims: Claims;
  try {
    claims = decodeJwt(token);
  } catch {
    throw new CannotRun('--token is no JWT. Pass one, or `-` and the token on stdin.');
  }
  const told = Object.entries(claims).filter(([name]) => impersonal.includes(name));
  return { ...Object.fromEntries(told), others: Object.keys(claims).filter((name) => !impersonal.includes(name)) };
}

const versionsOf = ({ app, evidence }: AppReport): object => ({
  app,
  packages: Object.fromEntries(
    Object.entries(evidence.project?.packages ?? {}).map(([name, { wanted, installed }]) => [
      name,
      { wanted, installed },
    ]),
  ),
});

/** Names only, and only those that concern Clerk and Convex: others tell what else a company uses. */
const environmentOf = ({ app, evidence: { project } }: AppReport): object => ({
  app,
  names: (project?.env ?? [])
    .filter(({ name }) => concerns(name))
    .map(({ name, value, at }) => ({ name, isSet: value.trim() !== '', ...(at !== undefined && { at }) })),
  ...(project?.deploymentEnv && { deployment: Object.keys(project.deploymentEnv).filter(concerns) }),
  files: (project?.envFiles ?? []).map(({ file, git }) => ({ file, ...(git && { git }) })),
});
const concerns = (name: string): boolean => /CLERK|CONVEX|^NODE_ENV$/i.test(name);

function referenceLines({
  code,
  at,
  build,
  meaning,
  findings,
}: NonNullable<ReturnType<typeof explainReference>>): readonly string[] {
  return [
    [code, at && `at ${at}`, build && `in the build ${build}`].filter(Boolean).join(' '),
    meaning,
    ...findings.map((finding) => `  clerk-convex-doctor explain ${finding}`),
  ];
}
