import { bare, type CallExpression, type Expression, memberName } from '../syntax/parseSource.ts';
import { call } from './calls.ts';
import { list, listItems, object } from './collections.ts';
import { type EvaluateInner, type Evaluation, refuseGuess, shown } from './evaluation.ts';
import { binary, joined, logical } from './operators.ts';
import { unreadable } from './unreadable.ts';
import { envOf, isTruthy, type PlainValue, plain, readable, type Scope, type Value } from './value.ts';

/** Nothing that a person wrote is nested deeper, or longer: what doubles sixty times would fill the memory. */
const deepest = 100;

/** What an expression comes to, as far as that is known without running it. Throws `Unreadable`. */
export function evaluate(node: Expression, scope: Scope, evaluation: Evaluation, depth = 0): Value {
  evaluation.steps -= 1;
  if (evaluation.steps < 0) throw unreadable('more than can be worked through', node);
  if (depth > deepest) throw unreadable('an expression that is nested too deeply', node);
  const evaluateInner: EvaluateInner = (inner) => evaluate(inner, scope, evaluation, depth + 1);
  const expression = bare(node);

  switch (expression.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return plain(expression.value);
    case 'NullLiteral':
      return plain(null);
    case 'TemplateLiteral':
      return joined(
        expression.quasis.flatMap((quasi, index) => {
          const hole = expression.expressions[index];
          const text = plain(quasi.value.cooked ?? quasi.value.raw);
          return hole ? [text, evaluateInner(hole as Expression)] : [text];
        }),
        expression,
      );
    case 'Identifier': {
      if (expression.name === 'undefined') return plain(undefined);
      const value = scope.lookUp(expression.name);
      if (!value) throw unreadable(`the name ${shown(expression.name)}, which this file does not define`, expression);
      return value;
    }
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return member(expression, evaluateInner, evaluation);
    case 'LogicalExpression':
      return logical(expression, evaluateInner);
    case 'ConditionalExpression': {
      const test = evaluateInner(expression.test);
      refuseGuess(test, expression);
      return evaluateInner(isTruthy(test) ? expression.consequent : expression.alternate);
    }
    case 'UnaryExpression': {
      if (expression.operator === 'void') return plain(undefined);
      if (expression.operator !== '!') throw unreadable(`the operator ${expression.operator}`, expression);
      const operand = evaluateInner(expression.argument);
      return plain(!isTruthy(operand), envOf(operand), operand.kind === 'plain' && operand.isGuess);
    }
    case 'BinaryExpression':
      if (expression.left.type === 'PrivateName') throw unreadable('a private name', expression);
      return binary(
        expression.operator,
        evaluateInner(expression.left),
        evaluateInner(expression.right as Expression),
        expression,
      );
    case 'ObjectExpression':
      return object(expression, evaluateInner);
    case 'ArrayExpression':
      return list(
        expression.elements.flatMap((element) => listItems(element, evaluateInner)),
        expression,
      );
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return { kind: 'function', node: expression, scope };
    case 'CallExpression':
    case 'OptionalCallExpression':
      return call(expression as CallExpression, scope, (inner, at) => evaluate(inner, at, evaluation, depth + 1));
    default:
      throw unreadable(constructs[expression.type] ?? `a ${shown(expression.type)}`, expression);
  }
}

const constructs: Readonly<Record<string, string>> = {
  AwaitExpression: 'an await',
  NewExpression: 'a new object of a class',
  AssignmentExpression: 'an assignment',
  SequenceExpression: 'a comma',
  TaggedTemplateExpression: 'a tagged template',
  RegExpLiteral: 'a regular expression',
  ImportExpression: 'an import()',
  ClassExpression: 'a class',
  ThisExpression: 'this',
  BigIntLiteral: 'a bigint',
  YieldExpression: 'a yield',
};

function member(expression: Expression, evaluateInner: EvaluateInner, evaluation: Evaluation): Value {
  const { object, property, computed } = expression as Extract<Expression, { type: 'MemberExpression' }>;
  if (isProcessEnv(expression)) return { kind: 'environment' };
  if (object.type === 'MetaProperty') throw unreadable('import.meta', expression);
  const key = computed ? evaluateInner(property as Expression) : undefined;
  const name = memberName(expression) ?? (key?.kind === 'plain' ? String(key.data) : undefined);
  if (name === undefined) throw unreadable('a computed name', expression);
  const owner = evaluateInner(object as Expression);
  switch (owner.kind) {
    case 'environment':
      return variable(name, evaluation);
    case 'object':
      return readable(owner.entries.get(name) ?? plain(undefined));
    case 'list': {
      const item = /^\d+$/.test(name) ? owner.items[Number(name)] : undefined;
      if (item) return readable(item);
      throw unreadable(`.${shown(name)} of a list`, expression);
    }
    default:
      throw unreadable(`.${shown(name)}`, expression);
  }
}

function isProcessEnv(expression: Expression): boolean {
  if (memberName(expression) !== 'env') return false;
  const { object } = expression as Extract<Expression, { type: 'MemberExpression' }>;
  if (object.type === 'Identifier') return object.name === 'process';
  return memberName(object) === 'process' && (object as { object?: { name?: string } }).object?.name === 'globalThis';
}

export function variable(name: string, { env, isDeployment }: Evaluation): PlainValue {
  // The bundler puts it in, also in development (convex 1.25 to 1.48, bundler/debugBundle.ts).
  if (name === 'NODE_ENV') return plain('production');
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return plain(value, [name], value === undefined && !isDeployment);
}
