import type { Expression, Program } from '../syntax/parseSource.ts';
import type { ConfigModule } from './configModules.ts';
import { evaluate } from './evaluate.ts';
import { type Evaluation, shown } from './evaluation.ts';
import { moduleScope } from './moduleScope.ts';
import { Unreadable, unreadable } from './unreadable.ts';
import type { ObjectValue, Value } from './value.ts';

/** What a file exports by a name, or by default. Throws `Unreadable`. */
export function exportOf(module: ConfigModule, name: string, evaluation: Evaluation): Value {
  const value = found(module, name, evaluation, 0);
  if (value) return value;
  throw unreadable(name === 'default' ? 'no default export' : `no export ${shown(name)}`, startOf(module));
}

/** Everything that it exports: `import * as env from './env'`. */
export function namespaceOf(module: ConfigModule, evaluation: Evaluation): ObjectValue {
  const entries = new Map<string, Value>();
  for (const name of namesOf(module, 0)) {
    try {
      entries.set(name, exportOf(module, name, evaluation));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      entries.set(name, { kind: 'unreadable', error });
    }
  }
  return { kind: 'object', entries, line: 1 };
}

const startOf = ({ file }: ConfigModule) => ({ loc: { start: { line: 1 }, filename: file } });

/** Nobody hands a name on further. */
const mostHops = 10;

function found(module: ConfigModule, name: string, evaluation: Evaluation, hops: number): Value | undefined {
  evaluation.steps -= 1;
  if (hops > mostHops || evaluation.steps < 0) throw unreadable('more than can be worked through', startOf(module));
  const { program, imports } = module;
  const scope = moduleScope(module, evaluation);
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ExportSpecifier') continue;
      const { exported: outside, local } = specifier;
      if ((outside.type === 'Identifier' ? outside.name : outside.value) !== name) continue;
      if (!statement.source) return evaluate(local, scope, evaluation);
      const target = imports.get(statement.source.value);
      if (!target)
        throw unreadable(name === 'default' ? 'a default export of another file' : 'an export of a package', statement);
      return found(target, local.name, evaluation, hops + 1);
    }
    if (statement.declaration && declaredBy(statement.declaration).includes(name)) return scope.lookUp(name);
  }
  if (name === 'default') {
    const expression = defaultOf(program);
    return expression && evaluate(expression, scope, evaluation);
  }
  for (const statement of program.body) {
    if (statement.type !== 'ExportAllDeclaration') continue;
    const target = imports.get(statement.source.value);
    const value = target && found(target, name, evaluation, hops + 1);
    if (value) return value;
  }
  return undefined;
}

/** `export default …`, `module.exports = …`, `exports.default = …` */
function defaultOf(program: Program): Expression | undefined {
  let last: Expression | undefined;
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if (/Declaration$|^TSDeclareFunction$/.test(declaration.type))
        throw unreadable('a default export that is a function or a class', statement);
      last = declaration as Expression;
    }
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
    const { left, right, operator } = statement.expression;
    if (left.type !== 'MemberExpression' || operator !== '=') continue;
    const { object, property } = left;
    if (object.type !== 'Identifier' || property.type !== 'Identifier') continue;
    if (`${object.name}.${property.name}` === 'module.exports') last = right;
    if (`${object.name}.${property.name}` === 'exports.default') last = right;
  }
  return last;
}

/** Names that a statement declares: `const a = 1, { b } = c;`, `function d() {}`. */
function declaredBy(declaration: object): readonly string[] {
  const statement = declaration as Program['body'][number];
  if (statement.type === 'FunctionDeclaration') return statement.id ? [statement.id.name] : [];
  if (statement.type !== 'VariableDeclaration') return [];
  return statement.declarations.flatMap(({ id }) => {
    if (id.type === 'Identifier') return [id.name];
    if (id.type !== 'ObjectPattern') return [];
    return id.properties.flatMap((property) =>
      property.type === 'ObjectProperty' && property.value.type === 'Identifier' ? [property.value.name] : [],
    );
  });
}

function namesOf({ program, imports }: ConfigModule, depth: number): readonly string[] {
  if (depth > mostHops) return [];
  return program.body.flatMap((statement): readonly string[] => {
    if (statement.type === 'ExportDefaultDeclaration') return ['default'];
    if (statement.type === 'ExportAllDeclaration') {
      const target = imports.get(statement.source.value);
      return target ? namesOf(target, depth + 1).filter((name) => name !== 'default') : [];
    }
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const own = statement.declaration ? declaredBy(statement.declaration) : [];
    return [
      ...own,
      ...statement.specifiers.flatMap((specifier) => {
        if (specifier.type !== 'ExportSpecifier') return [];
        const { exported } = specifier;
        return [exported.type === 'Identifier' ? exported.name : exported.value];
      }),
    ];
  });
}
