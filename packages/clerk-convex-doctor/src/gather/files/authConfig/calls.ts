import {
  bare,
  type CallExpression,
  type Expression,
  type FunctionDeclaration,
  type FunctionExpression,
  memberName,
} from '../syntax/parseSource.ts';
import { type EvaluateIn, shown } from './evaluation.ts';
import { callMethod } from './methods.ts';
import { joined } from './operators.ts';
import { unreadable } from './unreadable.ts';
import { plain, type Scope, type Value } from './value.ts';

/** A call of a function of the file, of a method, or of what gives back what it is given. */
export function call(expression: CallExpression, scope: Scope, evaluateIn: EvaluateIn): Value {
  const callee = bare(expression.callee as Expression);
  const args = (): readonly Value[] =>
    expression.arguments.map((argument) => {
      if (argument.type === 'SpreadElement' || argument.type === 'ArgumentPlaceholder')
        throw unreadable('a spread of arguments', expression);
      return evaluateIn(argument as Expression, scope);
    });

  const method = memberName(callee);
  if (method !== undefined) {
    const owner = evaluateIn((callee as Extract<Expression, { type: 'MemberExpression' }>).object, scope);
    return callMethod(owner, method, expression, args);
  }
  if (callee.type !== 'Identifier') throw unreadable('a call of what is no name', expression);
  const known = scope.lookUp(callee.name);
  if (known?.kind === 'function') return callFunction(known.node, args(), known.scope, evaluateIn);
  if (known) throw unreadable(`a call of ${shown(callee.name)}, which is no function,`, expression);
  // `defineConfig({ … })` and the like give back what they are given.
  const [only] = expression.arguments;
  if (/^define[A-Z]/.test(callee.name) && expression.arguments.length === 1 && only) return args()[0] as Value;
  if (callee.name === 'String' && expression.arguments.length === 1) {
    const [given] = args();
    if (given) return joined([given], expression);
  }
  throw unreadable(`a call of ${shown(callee.name)}()`, expression);
}

function callFunction(
  node: FunctionExpression | FunctionDeclaration,
  args: readonly Value[],
  outer: Scope,
  evaluateIn: EvaluateIn,
): Value {
  if (node.async || node.generator) throw unreadable('a call of an async function', node);
  const names = new Map<string, Value>();
  const scope: Scope = { lookUp: (name) => names.get(name) ?? outer.lookUp(name) };
  node.params.forEach((parameter, index) => {
    if (parameter.type !== 'Identifier') throw unreadable('a parameter that is no name', parameter);
    names.set(parameter.name, args[index] ?? plain(undefined));
  });
  const run = (expression: Expression): Value => evaluateIn(expression, scope);
  if (node.body.type !== 'BlockStatement') return run(node.body);
  for (const statement of node.body.body) {
    switch (statement.type) {
      case 'ReturnStatement':
        return statement.argument ? run(statement.argument) : plain(undefined);
      case 'VariableDeclaration':
        if (statement.kind !== 'const') throw unreadable(`a ${statement.kind} in a function`, statement);
        for (const { id, init } of statement.declarations) {
          if (id.type !== 'Identifier' || !init) throw unreadable('a declaration that is no name', statement);
          names.set(id.name, run(init));
        }
        break;
      default:
        if (!isGuard(statement)) throw unreadable('a statement in a function', statement);
    }
  }
  return plain(undefined);
}

/** `if (…) throw …`, and messages to the console: they change nothing of what the rest comes to. */
function isGuard(statement: { readonly type: string }): boolean {
  const { type, ...rest } = statement as {
    readonly type: string;
    readonly consequent?: { readonly type: string; readonly body?: readonly { readonly type: string }[] };
    readonly alternate?: object | null;
    readonly expression?: Expression;
  };
  if (type === 'EmptyStatement') return true;
  if (type === 'ThrowStatement') return false;
  if (type === 'ExpressionStatement') {
    const { expression } = rest;
    if (expression?.type !== 'CallExpression') return false;
    const { callee } = expression;
    return (
      callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'console'
    );
  }
  if (type !== 'IfStatement' || rest.alternate || !rest.consequent) return false;
  const { consequent } = rest;
  const body = consequent.type === 'BlockStatement' ? (consequent.body ?? []) : [consequent];
  return body.every((inner) => inner.type === 'ThrowStatement' || isGuard(inner));
}
