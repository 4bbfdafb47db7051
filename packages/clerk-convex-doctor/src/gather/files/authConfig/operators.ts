import type { Expression } from '../syntax/parseSource.ts';
import { type EvaluateInner, refuseGuess } from './evaluation.ts';
import { unreadable } from './unreadable.ts';
import { both, isTruthy, type PlainValue, plain, type Value } from './value.ts';

const longestText = 10_000;

/** `a && b`, `a || b`, `a ?? b`. */
export function logical(
  expression: Extract<Expression, { type: 'LogicalExpression' }>,
  evaluateInner: EvaluateInner,
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

/** A text made of parts: with a template, `+` or `String()`. */
export function joined(parts: readonly Value[], node: Expression): PlainValue {
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

export function binary(operator: string, left: Value, right: Value, node: Expression): Value {
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
