import {
  bare,
  type CallExpression,
  type Expression,
  type FunctionDeclaration,
  type FunctionExpression,
  lineOf,
  literalString,
  memberName,
  type ObjectExpression,
} from '../syntax/parseSource.ts';
import type { ConfigModule } from './configModules.ts';
import { Unreadable, unreadable } from './unreadable.ts';
import {
  both,
  envOf,
  isTruthy,
  type ListValue,
  type PlainValue,
  plain,
  readable,
  type Scope,
  type Value,
} from './value.ts';

/** What an evaluation may look at, and how much it may do. */
export interface Evaluation {
  readonly env: Readonly<Record<string, string>>;
  /** The variables are the deployment's own: one that is not there is not set. */
  readonly isDeployment: boolean;
  /** The names of each file, made once. */
  readonly scopes: Map<ConfigModule, Scope>;
  /** Steps that are left: a file may make itself longer than anybody can wait for. */
  steps: number;
}

/** Nothing that a person wrote is nested deeper, or longer: what doubles sixty times would fill the memory. */
const deepest = 100;
const mostItems = 1_000;
const longestText = 10_000;

/** What an expression comes to, as far as that is known without running it. Throws `Unreadable`. */
export function evaluate(node: Expression, scope: Scope, evaluation: Evaluation, depth = 0): Value {
  evaluation.steps -= 1;
  if (evaluation.steps < 0) throw unreadable('more than can be worked through', node);
  if (depth > deepest) throw unreadable('an expression that is nested too deeply', node);
  const evaluateInner = (inner: Expression): Value => evaluate(inner, scope, evaluation, depth + 1);
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
      return call(expression as CallExpression, scope, evaluation, depth);
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

/** Names come from a file of somebody else's: short, and without what a terminal would obey. */
export const shown = (name: string): string => name.replace(/[^\w$.[\]-]/g, '?').slice(0, 60);

function member(expression: Expression, evaluateInner: (inner: Expression) => Value, evaluation: Evaluation): Value {
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

function logical(
  expression: Extract<Expression, { type: 'LogicalExpression' }>,
  evaluateInner: (inner: Expression) => Value,
): Value {
  const left = evaluateInner(expression.left);
  if (expression.operator === '&&') {
    refuseGuess(left, expression);
    return isTruthy(left) ? evaluateInner(expression.right) : left;
  }
  const isEnough =
    expression.operator === '||'
      ? isTruthy(left)
      : left.kind !== 'plain' || (left.data !== undefined && left.data !== null);
  if (left.kind !== 'plain') return left;
  // The other one is read too: which variables are tried is worth knowing even when the first is set.
  const right = evaluateInner(expression.right);
  const chosen = isEnough ? left : right;
  // `process.env.X || 'https://…'`, and nobody knows whether the deployment has X.
  if (!isEnough && left.isGuess && right.kind === 'plain' && right.env.length === 0)
    return plain(undefined, left.env, true);
  return chosen.kind === 'plain' ? { ...chosen, env: both(left, right) } : chosen;
}

/** What depends on a variable that nobody knows of can be either way. */
function refuseGuess(value: Value, node: Expression): void {
  if (value.kind === 'plain' && value.isGuess)
    throw unreadable(`a condition on ${value.env.map(shown).join(', ')}, which is not known here,`, node);
}

function joined(parts: readonly Value[], node: Expression): PlainValue {
  let text = '';
  let env: readonly string[] = [];
  let missing: PlainValue | undefined;
  for (const part of parts) {
    if (part.kind !== 'plain') throw unreadable('a text made from what is no text', node);
    env = [...new Set([...env, ...part.env])];
    if (part.data === undefined && part.env.length > 0) missing ??= part;
    text += String(part.data);
  }
  if (text.length > longestText) throw unreadable('a text that is too long', node);
  // 'https://undefined' is what it would be: nobody means that.
  return missing ? plain(undefined, env, missing.isGuess) : plain(text, env);
}

function binary(operator: string, left: Value, right: Value, node: Expression): Value {
  if (operator === '+') return joined([left, right], node);
  if (left.kind !== 'plain' || right.kind !== 'plain') throw unreadable(`the operator ${operator}`, node);
  refuseGuess(left, node);
  refuseGuess(right, node);
  const env = both(left, right);
  switch (operator) {
    case '===':
      return plain(left.data === right.data, env);
    case '!==':
      return plain(left.data !== right.data, env);
    case '==':
      return plain(left.data === right.data || (left.data ?? null) === (right.data ?? null), env);
    case '!=':
      return plain(left.data !== right.data && (left.data ?? null) !== (right.data ?? null), env);
    default:
      throw unreadable(`the operator ${operator}`, node);
  }
}

function object(expression: ObjectExpression, evaluateInner: (inner: Expression) => Value): Value {
  const entries = new Map<string, Value>();
  for (const property of expression.properties) {
    if (property.type === 'ObjectMethod') throw unreadable('a method of an object', property);
    if (property.type === 'SpreadElement') {
      const spread = evaluateInner(property.argument);
      if (spread.kind === 'object') for (const [name, value] of spread.entries) entries.set(name, value);
      // `...(condition && { })` spreads false: nothing.
      else if (spread.kind !== 'plain' || isTruthy(spread)) throw unreadable('a spread of what is no object', property);
      continue;
    }
    const { key } = property;
    const computed = property.computed ? evaluateInner(key as Expression) : undefined;
    const name =
      computed?.kind === 'plain'
        ? String(computed.data)
        : !property.computed && key.type === 'Identifier'
          ? key.name
          : literalString(key);
    if (name === undefined) throw unreadable('a computed name', property);
    entries.set(name, part(property.value as Expression, evaluateInner));
  }
  if (entries.size > mostItems) throw unreadable('an object that is too large', expression);
  return { kind: 'object', entries, line: lineOf(expression) };
}

/** What is not known in one part hides no other. */
function part(expression: Expression, evaluateInner: (inner: Expression) => Value): Value {
  try {
    return evaluateInner(expression);
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', error };
    throw error;
  }
}

function list(items: ListValue['items'], node: Expression): ListValue {
  if (items.length > mostItems) throw unreadable('a list that is too long', node);
  return { kind: 'list', items };
}

function listItems(
  element: Extract<Expression, { type: 'ArrayExpression' }>['elements'][number],
  evaluateInner: (inner: Expression) => Value,
): readonly Value[] {
  if (element === null) return [plain(undefined)];
  if (element.type !== 'SpreadElement') return [part(element, evaluateInner)];
  const spread = evaluateInner(element.argument);
  if (spread.kind === 'list') return spread.items;
  throw unreadable('a spread of what is no list', element);
}

function call(expression: CallExpression, scope: Scope, evaluation: Evaluation, depth: number): Value {
  const callee = bare(expression.callee as Expression);
  const args = (): readonly Value[] =>
    expression.arguments.map((argument) => {
      if (argument.type === 'SpreadElement' || argument.type === 'ArgumentPlaceholder')
        throw unreadable('a spread of arguments', expression);
      return evaluate(argument as Expression, scope, evaluation, depth + 1);
    });

  const method = memberName(callee);
  if (method !== undefined) {
    const owner = evaluate(
      (callee as Extract<Expression, { type: 'MemberExpression' }>).object,
      scope,
      evaluation,
      depth + 1,
    );
    return callMethod(owner, method, expression, args);
  }
  if (callee.type !== 'Identifier') throw unreadable('a call of what is no name', expression);
  const known = scope.lookUp(callee.name);
  if (known?.kind === 'function') return callFunction(known.node, args(), known.scope, evaluation, depth);
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

/** Methods that are known to do what everybody knows. */
function callMethod(owner: Value, method: string, node: CallExpression, args: () => readonly Value[]): Value {
  if (owner.kind === 'list' && method === 'filter') {
    const [only] = node.arguments;
    if (node.arguments.length === 1 && only?.type === 'Identifier' && only.name === 'Boolean') {
      for (const item of owner.items) refuseGuess(item, node);
      return { kind: 'list', items: owner.items.filter(isTruthy) };
    }
  }
  if (owner.kind === 'list' && method === 'concat') {
    const more = args().flatMap((given): ListValue['items'] => (given.kind === 'list' ? given.items : [given]));
    return list([...owner.items, ...more], node);
  }
  if (owner.kind === 'plain' && (owner.data === undefined || typeof owner.data === 'string')) {
    const changed = changeText(owner.data ?? '', method, node, args);
    // It would throw, or be undefined after `?.`: its variable is not set, and that is what there is to say.
    if (changed !== undefined) return owner.data === undefined ? owner : plain(changed, owner.env, owner.isGuess);
  }
  throw unreadable(`a call of .${shown(method)}()`, node);
}

/** Undefined: it is not known what the method does. No regular expression of the file is run: it may take for ever. */
function changeText(
  text: string,
  method: string,
  node: CallExpression,
  args: () => readonly Value[],
): string | undefined {
  if (node.arguments.length === 0) {
    if (method === 'trim') return text.trim();
    if (method === 'toString') return text;
    if (method === 'toLowerCase') return text.toLowerCase();
  }
  const [pattern] = node.arguments;
  if (method !== 'replace' || node.arguments.length !== 2 || !pattern) return undefined;
  if (pattern.type === 'RegExpLiteral') {
    const isEmpty = literalString(node.arguments[1]) === '';
    if (!isEmpty || (pattern.pattern !== '\\/$' && pattern.pattern !== '\\/+$')) return undefined;
    const rest = pattern.pattern === '\\/$' ? text.slice(0, text.endsWith('/') ? -1 : undefined) : withoutSlashes(text);
    return rest;
  }
  const [from, to] = args();
  if (from?.kind !== 'plain' || to?.kind !== 'plain') return undefined;
  if (typeof from.data !== 'string' || typeof to.data !== 'string') return undefined;
  const replacement = to.data;
  return text.replace(from.data, () => replacement);
}

function withoutSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

function callFunction(
  node: FunctionExpression | FunctionDeclaration,
  args: readonly Value[],
  outer: Scope,
  evaluation: Evaluation,
  depth: number,
): Value {
  if (node.async || node.generator) throw unreadable('a call of an async function', node);
  const names = new Map<string, Value>();
  const scope: Scope = { lookUp: (name) => names.get(name) ?? outer.lookUp(name) };
  node.params.forEach((parameter, index) => {
    if (parameter.type !== 'Identifier') throw unreadable('a parameter that is no name', parameter);
    names.set(parameter.name, args[index] ?? plain(undefined));
  });
  const run = (expression: Expression): Value => evaluate(expression, scope, evaluation, depth + 1);
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
