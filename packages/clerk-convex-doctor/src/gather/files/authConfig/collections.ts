import { type Expression, lineOf, literalString, type ObjectExpression } from '../syntax/parseSource.ts';
import type { EvaluateInner } from './evaluation.ts';
import { Unreadable, unreadable } from './unreadable.ts';
import { isTruthy, type ListValue, plain, type Value } from './value.ts';

const mostItems = 1_000;

export function object(expression: ObjectExpression, evaluateInner: EvaluateInner): Value {
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
function part(expression: Expression, evaluateInner: EvaluateInner): Value {
  try {
    return evaluateInner(expression);
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', error };
    throw error;
  }
}

export function list(items: ListValue['items'], node: Expression): ListValue {
  if (items.length > mostItems) throw unreadable('a list that is too long', node);
  return { kind: 'list', items };
}

export function listItems(
  element: Extract<Expression, { type: 'ArrayExpression' }>['elements'][number],
  evaluateInner: EvaluateInner,
): readonly Value[] {
  if (element === null) return [plain(undefined)];
  if (element.type !== 'SpreadElement') return [part(element, evaluateInner)];
  const spread = evaluateInner(element.argument);
  if (spread.kind === 'list') return spread.items;
  throw unreadable('a spread of what is no list', element);
}
