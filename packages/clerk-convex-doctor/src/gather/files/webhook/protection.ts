import type { Place } from 'clerk-convex-resilience/diagnosis';
import type { MiddlewareChain } from '../middleware/chainOf.ts';
import { matcherOf, takes, textsIn } from '../middleware/matcher.ts';
import { matches } from '../middleware/pathPattern.ts';
import type { SourceFile } from '../source/sourceFiles.ts';
import { exportedAs } from '../syntax/exported.ts';
import {
  type CallExpression,
  type Expression,
  lineOf,
  memberName,
  type SyntaxNode,
  walk,
} from '../syntax/parseSource.ts';
import { asksSession, type Session, sessionIn } from './session.ts';

/**
 * Where the middleware keeps Clerk's server, which is signed in nowhere, from a path; undefined: nowhere, or it cannot be told.
 * Known are `createRouteMatcher` and what `auth()` says in a condition, around `auth.protect()` or a redirect, and
 * `config.matcher`.
 */
export function protectsPath({ files, names }: MiddlewareChain, path: string): Place | undefined {
  // A `config` that is handed on may count or not: it must have the path either way.
  if (!files.every((file) => takes(matcherOf(file), path))) return undefined;
  const middleware = files.at(-1) ?? files[0];
  const callback = middlewareCallback(middleware, names);
  if (!callback) return undefined;
  const facts: Facts = { path, matchers: matchersOf(middleware), session: sessionIn(callback) };
  const ways: { readonly line: number; readonly start: number; readonly isForAll: boolean }[] = [];
  walk(callback, (node) => {
    if (node.type !== 'CallExpression') return;
    const way = wayOut(node);
    if (way) ways.push({ line: lineOf(node), start: node.start ?? 0, isForAll: way === 'redirect' });
  });
  const way = ways.find(
    ({ start, isForAll }) => !leavesBefore(callback, start, facts) && isTaken(callback, start, facts, isForAll),
  );
  return way && `${middleware.shown}:${way.line}`;
}

/** Do the conditions that stand around a place hold? `isForAll`: what stands there is no protection unless one asks for the session. */
function isTaken(callback: SyntaxNode, start: number, facts: Facts, isForAll: boolean): boolean {
  const conditions: Expression[] = [];
  const otherwise: Expression[] = [];
  walk(callback, (node) => {
    if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') {
      if (holds(node.consequent, start)) conditions.push(node.test);
      if (node.alternate && holds(node.alternate, start)) otherwise.push(node.test);
    }
    if (node.type === 'LogicalExpression' && node.operator === '&&' && holds(node.right, start))
      conditions.push(node.left);
    if (node.type === 'LogicalExpression' && node.operator === '||' && holds(node.right, start))
      otherwise.push(node.left);
  });
  if (isForAll && ![...conditions, ...otherwise].some((test) => asksSession(test, facts.session))) return false;
  return (
    conditions.every((test) => verdictOf(test, facts) === true) &&
    otherwise.every((test) => verdictOf(test, facts) === false)
  );
}

/** What a condition may be about. */
interface Facts {
  readonly path: string;
  readonly matchers: Matchers;
  readonly session: Session;
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

/** The function that `clerkMiddleware` is given, where that is what the file exports. Without one it protects nothing. */
function middlewareCallback(file: SourceFile, names: readonly string[]): SyntaxNode | undefined {
  const exported = exportedAs(file.program, names);
  if (exported?.kind !== 'own' || exported.expression.type !== 'CallExpression') return undefined;
  const { callee, arguments: given } = exported.expression;
  if (callee.type !== 'Identifier' || file.imports.get(callee.name)?.name !== 'clerkMiddleware') return undefined;
  const [first] = given;
  return first?.type === 'ArrowFunctionExpression' || first?.type === 'FunctionExpression' ? first : undefined;
}

/** `auth.protect()`, `auth().protect()`, `redirectToSignIn()`; `NextResponse.redirect()`, which may be for everybody. */
function wayOut({ callee }: CallExpression): 'protect' | 'redirect' | undefined {
  const name = callee.type === 'Identifier' ? callee.name : memberName(callee);
  if (name === 'protect' && callee.type !== 'Identifier') return 'protect';
  if (name === 'redirectToSignIn') return 'protect';
  const isResponse =
    callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && /Response$/.test(callee.object.name);
  return isResponse && name === 'redirect' ? 'redirect' : undefined;
}

/** `if (isPublicRoute(request)) return;` before it. */
function leavesBefore(callback: SyntaxNode, start: number, facts: Facts): boolean {
  let leaves = false;
  walk(callback, (node) => {
    if (node.type !== 'IfStatement' || (node.end ?? 0) > start) return;
    const first = node.consequent.type === 'BlockStatement' ? node.consequent.body.at(-1) : node.consequent;
    if (first?.type === 'ReturnStatement' && verdictOf(node.test, facts) !== false) leaves = true;
  });
  return leaves;
}

/** Whether a condition holds for the path and nobody signed in; undefined: it depends on something else. */
function verdictOf(test: Expression, facts: Facts): boolean | undefined {
  if (facts.session.isOf(test)) return false;
  switch (test.type) {
    case 'UnaryExpression':
      return test.operator === '!' ? negated(verdictOf(test.argument, facts)) : undefined;
    case 'LogicalExpression': {
      const [left, right] = [verdictOf(test.left, facts), verdictOf(test.right, facts)];
      if (test.operator === '&&') return left === false || right === false ? false : left && right;
      if (test.operator === '||') return left === true || right === true ? true : left === false ? right : undefined;
      return undefined;
    }
    case 'CallExpression': {
      const patterns = test.callee.type === 'Identifier' ? facts.matchers.get(test.callee.name) : undefined;
      if (!patterns) return undefined;
      const verdicts = patterns.map((pattern) => matches(pattern, facts.path));
      return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
    }
    default:
      return undefined;
  }
}

const negated = (verdict: boolean | undefined): boolean | undefined => (verdict === undefined ? undefined : !verdict);

const holds = (node: { readonly start?: number | null; readonly end?: number | null }, start: number): boolean =>
  (node.start ?? 0) <= start && start < (node.end ?? 0);
