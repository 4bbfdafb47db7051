import { type Imported, importsOf } from '../syntax/imports.ts';
import {
  type Declarator,
  type Expression,
  literalString,
  type Program,
  type Statement,
  walk,
} from '../syntax/parseSource.ts';
import type { ConfigModule } from './configModules.ts';
import { evaluate, variable } from './evaluate.ts';
import { type Evaluation, shown } from './evaluation.ts';
import { exportOf, namespaceOf } from './exportOf.ts';
import { unreadable } from './unreadable.ts';
import { plain, readable, type Scope, type Value } from './value.ts';

/** The names of a file, each worked out when it is asked for, also in the file that it is imported from. */
export function moduleScope(module: ConfigModule, evaluation: Evaluation): Scope {
  const found = evaluation.scopes.get(module) ?? makeScope(module, evaluation);
  evaluation.scopes.set(module, found);
  return found;
}

function makeScope(module: ConfigModule, evaluation: Evaluation): Scope {
  const { program } = module;
  const imported = importsOf(program);
  const declarations = declarationsOf(program);
  const changed = changedNames(program);
  const known = new Map<string, Value>();
  const open = new Set<string>();

  const scope: Scope = {
    lookUp(name) {
      const found = known.get(name);
      if (found) return found;
      const declaration = declarations.get(name);
      const from = imported.get(name);
      if (!declaration) return from && importedValue(from, module, evaluation);
      const { node } = declaration;
      if (changed.has(name)) throw unreadable(`${shown(name)}, which is changed later,`, node);
      if (open.has(name)) throw unreadable(`${shown(name)}, which is made from itself,`, node);
      open.add(name);
      const value = declaration.value(scope, evaluation);
      open.delete(name);
      known.set(name, value);
      return value;
    },
  };
  return scope;
}

/** Undefined: it is of a package, or of a file that cannot be read. */
function importedValue({ from, name }: Imported, module: ConfigModule, evaluation: Evaluation): Value | undefined {
  const target = module.imports.get(from);
  if (!target) return undefined;
  return name === '*' ? namespaceOf(target, evaluation) : exportOf(target, name, evaluation);
}

interface Declaration {
  readonly node: Declarator | Statement;
  value(scope: Scope, evaluation: Evaluation): Value;
}

function declarationsOf(program: Program): ReadonlyMap<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const outer of program.body) {
    const statement = outer.type === 'ExportNamedDeclaration' && outer.declaration ? outer.declaration : outer;
    if (statement.type === 'FunctionDeclaration' && statement.id) {
      found.set(statement.id.name, {
        node: statement,
        value: (scope) => ({ kind: 'function', node: statement, scope }),
      });
    }
    if (statement.type !== 'VariableDeclaration') continue;
    for (const node of statement.declarations) {
      const { id, init } = node;
      if (!init) continue;
      if (id.type === 'Identifier')
        found.set(id.name, { node, value: (scope, evaluation) => evaluate(init, scope, evaluation) });
      if (id.type === 'ObjectPattern')
        for (const [name, declaration] of partsOf(node, init)) found.set(name, declaration);
    }
  }
  return found;
}

/** `const { CLERK_JWT_ISSUER_DOMAIN: issuer = 'https://…' } = process.env`. */
function partsOf(node: Declarator, init: Expression): readonly (readonly [string, Declaration])[] {
  if (node.id.type !== 'ObjectPattern') return [];
  return node.id.properties.flatMap((property): readonly (readonly [string, Declaration])[] => {
    if (property.type !== 'ObjectProperty' || property.computed) return [];
    const { key, value } = property;
    const name = key.type === 'Identifier' ? key.name : literalString(key);
    const target = value.type === 'AssignmentPattern' ? value.left : value;
    if (name === undefined || target.type !== 'Identifier') return [];
    const partOf: Declaration['value'] = (scope, evaluation) => {
      const owner = evaluate(init, scope, evaluation);
      const part =
        owner.kind === 'environment'
          ? variable(name, evaluation)
          : owner.kind === 'object'
            ? readable(owner.entries.get(name) ?? plain(undefined))
            : undefined;
      if (!part) throw unreadable('a part of what is no object', node);
      if (value.type !== 'AssignmentPattern' || part.kind !== 'plain' || part.data !== undefined) return part;
      const otherwise = evaluate(value.right, scope, evaluation);
      return otherwise.kind === 'plain'
        ? { ...otherwise, env: [...new Set([...part.env, ...otherwise.env])] }
        : otherwise;
    };
    return [[target.name, { node, value: partOf }]];
  });
}

/** Names that are assigned to, or changed in place (`providers.push(…)`, `config.a = 1`), anywhere in the file. */
function changedNames(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (target: object): void => {
    let node = target as Expression;
    while (node.type === 'MemberExpression') node = node.object as Expression;
    if (node.type === 'Identifier') found.add(node.name);
  };
  walk(program, (node) => {
    if (node.type === 'AssignmentExpression') add(node.left);
    if (node.type === 'UpdateExpression') add(node.argument);
    if (node.type === 'UnaryExpression' && node.operator === 'delete') add(node.argument);
    if (node.type !== 'CallExpression') return;
    const { callee } = node;
    if (callee.type !== 'MemberExpression') return;
    const name = callee.property.type === 'Identifier' ? callee.property.name : '';
    if (/^(push|unshift|splice|pop|shift|reverse|sort|fill|copyWithin)$/.test(name)) add(callee.object);
    if (
      callee.object.type === 'Identifier' &&
      callee.object.name === 'Object' &&
      /^(assign|definePropert)/.test(name)
    ) {
      const [target] = node.arguments;
      if (target) add(target);
    }
  });
  return found;
}
