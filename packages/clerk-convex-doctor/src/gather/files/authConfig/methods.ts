import { type CallExpression, literalString } from '../syntax/parseSource.ts';
import { list } from './collections.ts';
import { refuseGuess, shown } from './evaluation.ts';
import { unreadable } from './unreadable.ts';
import { isTruthy, type ListValue, plain, type Value } from './value.ts';

/** Methods that are known to do what everybody knows. */
export function callMethod(owner: Value, method: string, node: CallExpression, args: () => readonly Value[]): Value {
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
