import {
  type Evidence,
  type Finding,
  finding,
  judgeToken,
  type ProjectEvidence,
  type TokenVerdict,
} from 'clerk-convex-resilience/diagnosis';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { CannotRun } from '../cannotRun.ts';
import { DoctorError } from '../DoctorError.ts';
import { gatherProjects } from '../gather/files/gatherProjects.ts';
import { findingLines } from '../print/findingLines.ts';
import { jsonFinding } from '../print/jsonReport.ts';
import { wordingOf } from '../print/wordingOf.ts';
import { deploymentOf } from '../runDoctor.ts';
import { checkSignature, type SignatureVerdict } from './checkSignature.ts';
import { readFileFor } from './readFileFor.ts';
import { type Call, doctorOptions, rootOf } from './settings.ts';

/** `token <jwt>`: each claim against what Convex will expect of it. The token itself is printed nowhere. */
export async function token(call: Call, given: string | undefined): Promise<number> {
  const { flags, io, terminal } = call;
  if (given === undefined && io.canAsk) {
    throw new CannotRun('No token was given. Pass it as an argument, or `-` and the token on stdin.');
  }
  const text = bareToken(given === undefined || given === '-' ? await readFileFor('token', '-', io) : given);
  if (text === '') throw new CannotRun('The token is empty. Pass it as an argument, or `-` and the token on stdin.');
  const root = await rootOf(call);
  const options = await doctorOptions(call, root);
  // Of a monorepo: the app beside which there is a config to compare with.
  const projects = await gatherProjects(options, deploymentOf(options)).catch((error: unknown) => {
    // A token may be judged anywhere; there is only less to compare it with.
    if (error instanceof DoctorError) return [];
    throw error;
  });
  const project = projects.find(({ authConfig }) => authConfig?.status === 'read') ?? projects[0];

  const { claims, header } = decode(text);
  const signature: SignatureVerdict = options.offline
    ? { status: 'unchecked', reason: '--offline' }
    : claims
      ? await checkSignature(text, claims.iss, options.timeoutMs ?? 5000)
      : { status: 'unchecked', reason: 'it is no JWT' };
  const evidence: Evidence = {
    now: io.now(),
    ...(project && { project }),
    token: { claims, header, ...(signature.status !== 'unchecked' && { publishedKids: signature.publishedKids }) },
  };
  const verdicts = judgeToken(evidence);
  const findings = findingsOf(verdicts, signature, claims?.iss);
  const isWrong = findings.some(({ severity }) => severity === 'error' || (flags.strict && severity === 'warning'));
  const exitCode = isWrong ? 1 : 0;
  const others = Object.keys(claims ?? {}).filter((name) => !verdicts.some(({ claim }) => claim === name));

  const wording = wordingOf(flags.lang ?? 'en');
  if (flags.json) {
    terminal.json({
      schemaVersion: 1,
      exitCode,
      verdicts: verdicts.map(({ finding: found, ...verdict }) => ({ ...verdict, ...(found && { code: found.code }) })),
      signature: { status: signature.status, ...(signature.status === 'unchecked' && { reason: signature.reason }) },
      otherClaims: others,
      findings: findings.map((one) => jsonFinding(one, wording.describe(one))),
    });
    return exitCode;
  }
  const { colors } = terminal;
  terminal.line(`What is expected is taken from ${sourceOf(project)}.`);
  terminal.line();
  for (const { claim, seen, expected, ok, finding: found } of verdicts) {
    const mark = ok ? colors.green('✓') : colors.red('✗');
    terminal.line(
      `  ${mark} ${claim.padEnd(10)}${seen}  ${colors.dim(`expected ${expected}`)}${found ? `  ${found.code}` : ''}`,
    );
  }
  terminal.line(signatureLine(signature, colors));
  if (others.length > 0) terminal.line(`  ${colors.dim(`- ${'others'.padEnd(10)}${others.join(', ')}`)}`);
  if (findings.length > 0) terminal.line();
  for (const one of findings) for (const line of findingLines(one, wording, colors)) terminal.line(line);
  return exitCode;
}

/** As it is copied: with `Bearer`, in quotes, over several lines. */
const bareToken = (text: string): string =>
  text
    .trim()
    .replace(/^(?:authorization:\s*)?bearer\s+/i, '')
    .replace(/^["'`]|["'`]$/g, '')
    .replaceAll(/\s+/g, '');

function decode(text: string): Pick<Required<NonNullable<Evidence['token']>>, 'claims' | 'header'> {
  try {
    return { claims: decodeJwt(text), header: { ...decodeProtectedHeader(text) } };
  } catch {
    return { claims: null, header: null };
  }
}

function findingsOf(
  verdicts: readonly TokenVerdict[],
  signature: SignatureVerdict,
  issuer: unknown,
): readonly Finding[] {
  const found = new Map(verdicts.flatMap(({ finding: one }) => (one ? [[one.code, one] as const] : [])));
  if (signature.status === 'bad' && !found.has('TOKEN_SIGNATURE_MISMATCH')) {
    const made = finding('TOKEN_SIGNATURE_MISMATCH', typeof issuer === 'string' ? { issuer } : {});
    found.set(made.code, made);
  }
  return [...found.values()];
}

const sourceOf = (project: ProjectEvidence | undefined): string =>
  project?.authConfig?.status === 'read'
    ? project.authConfig.file
    : project
      ? "the app's publishable key: auth.config.ts could not be read"
      : 'what Convex and Clerk do by default: there is no project here';

function signatureLine(signature: SignatureVerdict, colors: Call['terminal']['colors']): string {
  const label = 'signature'.padEnd(10);
  switch (signature.status) {
    case 'good':
      return `  ${colors.green('✓')} ${label}made with a key that the issuer publishes`;
    case 'bad':
      return `  ${colors.red('✗')} ${label}no key that the issuer publishes has made it`;
    case 'unchecked':
      return `  ${colors.dim(`- ${label}not checked: ${signature.reason}`)}`;
    default:
      return signature satisfies never;
  }
}
