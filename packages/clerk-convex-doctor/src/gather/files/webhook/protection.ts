import type { SourceFile } from '../source/sourceFiles.ts';
import {
  type CallExpression,
  type Expression,
  lineOf,
  literalString,
  memberName,
  type SyntaxNode,
  walk,
} from '../syntax/parseSource.ts';

/**
 * Line of the middleware that keeps Clerk's server from a path; undefined: none does, or it cannot be told. Known are
 * `createRouteMatcher` with `auth.protect()` in a condition or without one, and `config.matcher`.
 */
export function protectsPath(middleware: SourceFile, path: string): number | undefined {
  if (!runsFor(middleware, path)) return undefined;
  const matchers = matchersOf(middleware);
  const callback = middlewareCallback(middleware);
  if (!callback) return undefined;
  // The conditions that stand around each `protect()`, and the ways out before it.
  const protections: { readonly line: number; readonly start: number }[] = [];
  walk(callback, (node) => {
    if (node.type === 'CallExpression' && isProtect(node))
      protections.push({ line: lineOf(node), start: node.start ?? 0 });
  });
  for (const { line, start } of protections) {
    if (leavesBefore(callback, start, matchers, path)) continue;
    const conditions: Expression[] = [];
    const otherwise: Expression[] = [];
    walk(callback, (node) => {
      if (node.type === 'IfStatement') {
        if (holds(node.consequent, start)) conditions.push(node.test);
        if (node.alternate && holds(node.alternate, start)) otherwise.push(node.test);
      }
      if (node.type === 'LogicalExpression' && node.operator === '&&' && holds(node.right, start))
        conditions.push(node.left);
      if (node.type === 'LogicalExpression' && node.operator === '||' && holds(node.right, start))
        otherwise.push(node.left);
    });
    const verdicts = [
      ...conditions.map((test) => verdictOf(test, matchers, path)),
      ...otherwise.map((test) => negated(verdictOf(test, matchers, path))),
    ];
    if (verdicts.every((verdict) => verdict === true)) return line;
  }
  return undefined;
}

type Matchers = ReadonlyMap<string, readonly string[]>;

/** Names of route matchers, each with its patterns; matchers with other patterns than texts are left out. */
function matchersOf(file: SourceFile): Matchers {
  const found = new Map<string, readonly string[]>();
  walk(file.program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.init?.type !== 'CallExpression')
      return;
    const { callee } = node.init;
    if (callee.type !== 'Identifier' || file.imports.get(callee.name)?.name !== 'createRouteMatcher') return;
    const patterns = textsIn(node.init.arguments[0]);
    if (patterns) found.set(node.id.name, patterns);
  });
  return found;
}

function textsIn(node: object | undefined): readonly string[] | undefined {
  const expression = node as Expression | undefined;
  const single = literalString(expression);
  if (single !== undefined) return [single];
  if (expression?.type !== 'ArrayExpression') return undefined;
  const texts = expression.elements.map((element) => literalString(element));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** The function that `clerkMiddleware` is given. Without one it protects nothing. */
function middlewareCallback(file: SourceFile): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  walk(file.program, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return;
    if (file.imports.get(node.callee.name)?.name !== 'clerkMiddleware') return;
    const [first] = node.arguments;
    if (first?.type === 'ArrowFunctionExpression' || first?.type === 'FunctionExpression') found ??= first;
  });
  return found;
}

/** `auth.protect()`, `auth().protect()`. */
const isProtect = (call: CallExpression): boolean => memberName(call.callee) === 'protect';

/** `if (isPublicRoute(request)) return;` before it. */
function leavesBefore(callback: SyntaxNode, start: number, matchers: Matchers, path: string): boolean {
  let leaves = false;
  walk(callback, (node) => {
    if (node.type !== 'IfStatement' || (node.end ?? 0) > start) return;
    const first = node.consequent.type === 'BlockStatement' ? node.consequent.body.at(-1) : node.consequent;
    if (first?.type === 'ReturnStatement' && verdictOf(node.test, matchers, path) !== false) leaves = true;
  });
  return leaves;
}

/** Whether a condition holds for the path; undefined: it depends on something else. */
function verdictOf(test: Expression, matchers: Matchers, path: string): boolean | undefined {
  switch (test.type) {
    case 'UnaryExpression':
      return test.operator === '!' ? negated(verdictOf(test.argument, matchers, path)) : undefined;
    case 'LogicalExpression': {
      const [left, right] = [verdictOf(test.left, matchers, path), verdictOf(test.right, matchers, path)];
      if (test.operator === '&&') return left === false || right === false ? false : left && right;
      if (test.operator === '||') return left === true || right === true ? true : left === false ? right : undefined;
      return undefined;
    }
    case 'CallExpression': {
      const patterns = test.callee.type === 'Identifier' ? matchers.get(test.callee.name) : undefined;
      if (!patterns) return undefined;
      const verdicts = patterns.map((pattern) => matches(pattern, path));
      return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
    }
    default:
      return undefined;
  }
}

const negated = (verdict: boolean | undefined): boolean | undefined => (verdict === undefined ? undefined : !verdict);

/** `config.matcher` has the path, or there is none. */
function runsFor(file: SourceFile, path: string): boolean {
  let patterns: readonly string[] | undefined;
  walk(file.program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.id.name !== 'config') return;
    if (node.init?.type !== 'ObjectExpression') return;
    for (const property of node.init.properties)
      if (property.type === 'ObjectProperty' && property.key.type === 'Identifier' && property.key.name === 'matcher')
        patterns = textsIn(property.value);
  });
  return patterns?.some((pattern) => matches(pattern, path) !== false) ?? true;
}

/**
 * A path against a pattern of path-to-regexp, as `createRouteMatcher` and Next.js take them: `/api(.*)`, `/api/:path*`. Undefined:
 * the pattern is one that may take for ever to try.
 */
export function matches(pattern: string, path: string): boolean | undefined {
  if (pattern.length > 300 || path.length > 200) return undefined;
  // A repeated group, or many repetitions after each other.
  if (/\)[*+{]/.test(pattern) || (pattern.match(/[*+{]/g) ?? []).length > 4) return undefined;
  const source = pattern.replace(/\/:\w+([*+?]?)/g, (_, repeat: string) =>
    repeat === '*' ? '(?:/.*)?' : repeat === '+' ? '/.+' : repeat === '?' ? '(?:/[^/]+)?' : '/[^/]+',
  );
  try {
    return new RegExp(`^${source}/?$`, 'i').test(path);
  } catch {
    return undefined;
  }
}

const holds = (node: { readonly start?: number | null; readonly end?: number | null }, start: number): boolean =>
  (node.start ?? 0) <= start && start < (node.end ?? 0);
