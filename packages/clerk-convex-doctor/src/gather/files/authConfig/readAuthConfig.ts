import type { AuthConfigEvidence, AuthProviderEvidence } from 'clerk-convex-resilience/diagnosis';
import { type Expression, type Program, parseSource } from '../syntax/parseSource.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { moduleScope } from './moduleScope.ts';
import { Unreadable, unreadable } from './unreadable.ts';
import { envOf, type ObjectValue, type Value } from './value.ts';

export interface AuthConfigSource {
  readonly text: string;
  /** As it is shown: from the project's root. */
  readonly file: string;
  /** The deployment's variables, or, where nobody knows them, those of the env files. */
  readonly env: Readonly<Record<string, string>>;
  readonly isDeployment: boolean;
}

/**
 * Works out `auth.config.ts` over its syntax: nothing of it is run. Literals, templates, `process.env`, `||`, `??`, ternaries,
 * constants and small functions of the file itself are known; of everything else the answer is `unreadable`, and which
 * construct in which line is to blame. Never throws.
 */
export function readAuthConfig({ text, file, env, isDeployment }: AuthConfigSource): AuthConfigEvidence {
  const parsed = parseSource(text, file);
  if (parsed.status === 'broken') return { status: 'unreadable', file, reason: parsed.reason };
  try {
    const evaluation: Evaluation = { env, isDeployment, steps: 20_000 };
    const scope = moduleScope(parsed.program, evaluation);
    const config = evaluate(exported(parsed.program), scope, evaluation);
    return { status: 'read', file, providers: providersOf(config, file) };
  } catch (error) {
    if (error instanceof Unreadable) return { status: 'unreadable', file, reason: error.message };
    return { status: 'unreadable', file, reason: 'it cannot be worked out' };
  }
}

const start = { loc: { start: { line: 1 } } };

/** What the file exports by default. */
function exported(program: Program): Expression {
  let found: Expression | undefined;
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if (/Declaration$|^TSDeclareFunction$/.test(declaration.type))
        throw unreadable('a default export that is a function or a class', statement);
      found = declaration as Expression;
    }
    if (statement.type === 'ExportNamedDeclaration') {
      for (const specifier of statement.specifiers) {
        if (specifier.type !== 'ExportSpecifier') continue;
        const { exported: outside, local } = specifier;
        if ((outside.type === 'Identifier' ? outside.name : outside.value) !== 'default') continue;
        if (statement.source) throw unreadable('a default export of another file', statement);
        found = local;
      }
    }
    // `module.exports = …`, `exports.default = …`
    if (statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression') {
      const { left, right, operator } = statement.expression;
      if (left.type !== 'MemberExpression' || operator !== '=') continue;
      const { object, property } = left;
      if (object.type !== 'Identifier' || property.type !== 'Identifier') continue;
      if (`${object.name}.${property.name}` === 'module.exports') found = right;
      if (`${object.name}.${property.name}` === 'exports.default') found = right;
    }
  }
  if (!found) throw unreadable('no default export', start);
  return found;
}

function providersOf(config: Value, file: string): readonly AuthProviderEvidence[] {
  if (config.kind !== 'object') throw unreadable('a default export that is no object', start);
  const at = { loc: { start: { line: config.line } } };
  const providers = config.entries.get('providers');
  if (!providers) throw unreadable('no `providers`', at);
  if (providers.kind !== 'list') throw unreadable('`providers` that are no list', at);
  return providers.items.flatMap((item) => {
    // `condition && { … }` leaves false in the list.
    if (item.kind === 'plain' && !item.data && !item.isGuess) return [];
    if (item.kind !== 'object') throw unreadable('a provider that is no object', at);
    return [providerOf(item, file)];
  });
}

function providerOf(provider: ObjectValue, file: string): AuthProviderEvidence {
  const at = { loc: { start: { line: provider.line } } };
  const text = (name: string): string | undefined => {
    const value = provider.entries.get(name);
    if (!value) return undefined;
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
