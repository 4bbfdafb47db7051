import type { AuthConfigEvidence, AuthProviderEvidence } from 'clerk-convex-resilience/diagnosis';
import { parseSource } from '../syntax/parseSource.ts';
import type { ConfigModule } from './configModules.ts';
import type { Evaluation } from './evaluation.ts';
import { exportOf } from './exportOf.ts';
import { Unreadable, unreadable } from './unreadable.ts';
import { envOf, type ObjectValue, readable, type Value } from './value.ts';

export interface AuthConfigSource {
  readonly text: string;
  /** As it is shown: from the project's root. */
  readonly file: string;
  /** The deployment's variables, or, where nobody knows them, those of the env files. */
  readonly env: Readonly<Record<string, string>>;
  readonly isDeployment: boolean;
  /** Files of the project's that it imports (`configModules`), by what the import says. @defaultValue none */
  readonly imports?: ConfigModule['imports'];
}

/**
 * Works out `auth.config.ts` over its syntax: nothing of it is run. Literals, templates, `process.env`, `||`, `??`, ternaries,
 * constants and small functions of the file itself, or of one that it imports, are known. Of everything else the answer is
 * `unreadable`, and which construct in which line is to blame; a provider that is not known hides none that is, as long as
 * one of these is Clerk's. Never throws.
 */
export function readAuthConfig({ text, file, env, isDeployment, imports }: AuthConfigSource): AuthConfigEvidence {
  const parsed = parseSource(text, file);
  if (parsed.status === 'broken')
    return { status: 'unreadable', file, reason: parsed.reason, ...brokenBy(parsed.reason) };
  try {
    const evaluation: Evaluation = { env, isDeployment, scopes: new Map(), steps: 20_000 };
    const module: ConfigModule = { file, program: parsed.program, imports: imports ?? new Map() };
    const { providers, unknown } = providersOf(exportOf(module, 'default', evaluation), file);
    if (unknown && !providers.some(mayBeClerks)) throw unknown;
    return { status: 'read', file, providers };
  } catch (error) {
    if (error instanceof Unreadable)
      return { status: 'unreadable', file, reason: reasonOf(error, file), ...brokenBy(error.message) };
    return { status: 'unreadable', file, reason: 'it cannot be worked out' };
  }
}

/** What Convex does not take either (convex 1.48, server/authentication.ts); of the rest only a run can tell. */
const brokenBy = (reason: string): { readonly isBroken?: true } =>
  /^(?:no default export|no `providers`|a default export that is no object|it has a syntax error)/.test(reason)
    ? { isBroken: true }
    : {};

const reasonOf = ({ message, file: where }: Unreadable, file: string): string =>
  where === undefined || where === file ? message : `${message} of ${where}`;

/** What is left unknown is another's then. Convex's own name for the audience is what Clerk's template is made for. */
const mayBeClerks = ({ domain, domainEnv, applicationID }: AuthProviderEvidence): boolean =>
  applicationID === 'convex' || domainEnv.some((name) => name.includes('CLERK')) || /clerk/i.test(domain ?? '');

interface Providers {
  readonly providers: readonly AuthProviderEvidence[];
  /** Why one of them is not among these. */
  readonly unknown?: Unreadable;
}

const start = { loc: { start: { line: 1 } } };

function providersOf(config: Value, file: string): Providers {
  if (config.kind !== 'object') throw unreadable('a default export that is no object', start);
  const at = { loc: { start: { line: config.line } } };
  const listed = config.entries.get('providers');
  if (!listed) throw unreadable('no `providers`', at);
  const list = readable(listed);
  if (list.kind !== 'list') throw unreadable('`providers` that are no list', at);
  const providers: AuthProviderEvidence[] = [];
  let unknown: Unreadable | undefined;
  for (const item of list.items) {
    // `condition && { … }` leaves false in the list.
    if (item.kind === 'plain' && !item.data && !item.isGuess) continue;
    try {
      const provider = readable(item);
      if (provider.kind !== 'object') throw unreadable('a provider that is no object', at);
      providers.push(providerOf(provider, file));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      unknown ??= error;
    }
  }
  return { providers, ...(unknown && { unknown }) };
}

function providerOf(provider: ObjectValue, file: string): AuthProviderEvidence {
  const at = { loc: { start: { line: provider.line } } };
  const text = (name: string): string | undefined => {
    const entry = provider.entries.get(name);
    if (!entry) return undefined;
    const value = readable(entry);
    if (value.kind !== 'plain') throw unreadable(`\`${name}\` that is no text`, at);
    if (value.data === undefined || value.data === null) return undefined;
    if (typeof value.data !== 'string') throw unreadable(`\`${name}\` that is no text`, at);
    return value.data;
  };
  const kind = text('type') === 'customJwt' ? 'customJwt' : 'oidc';
  const domainName = kind === 'customJwt' ? 'issuer' : 'domain';
  const domain = text(domainName);
  const applicationID = text('applicationID');
  const source = provider.entries.get(domainName);
  return {
    kind,
    ...(domain !== undefined && { domain }),
    domainEnv: source ? envOf(source) : [],
    ...(applicationID !== undefined && { applicationID }),
    at: `${file}:${provider.line}`,
  };
}
