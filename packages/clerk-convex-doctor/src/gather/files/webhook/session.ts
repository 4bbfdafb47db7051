import { bare, type Expression, memberName, type SyntaxNode, walk } from '../syntax/parseSource.ts';

/** What a middleware has from `auth()`. */
export interface Session {
  /** Is it one of what nobody has who is not signed in: `userId`, `session.userId`, `(await auth()).userId`? */
  readonly isOf: (expression: Expression) => boolean;
}

const ofUser = new Set(['userId', 'sessionId', 'orgId', 'isAuthenticated']);

export function sessionIn(callback: SyntaxNode): Session {
  const [first] = 'params' in callback && Array.isArray(callback.params) ? (callback.params as unknown[]) : [];
  const auth = nameOf(first);
  const wholes = new Set<string>();
  const parts = new Set<string>();
  const isAuth = (given: Expression): boolean => {
    const inner = bare(given);
    const call = inner.type === 'AwaitExpression' ? bare(inner.argument) : inner;
    return call.type === 'CallExpression' && auth !== undefined && nameOf(call.callee) === auth;
  };
  walk(callback, (node) => {
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    const isWhole = isAuth(node.init) || wholes.has(nameOf(node.init) ?? '');
    if (!isWhole) {
      const part = memberName(bare(node.init));
      if (node.id.type === 'Identifier' && part !== undefined && isMember(node.init)) parts.add(node.id.name);
      return;
    }
    if (node.id.type === 'Identifier') wholes.add(node.id.name);
    if (node.id.type !== 'ObjectPattern') return;
    for (const property of node.id.properties) {
      if (property.type !== 'ObjectProperty') continue;
      const local = nameOf(property.value);
      if (local !== undefined && ofUser.has(nameOf(property.key) ?? '')) parts.add(local);
    }
  });

  function isMember(given: Expression): boolean {
    const expression = bare(given);
    if (!ofUser.has(memberName(expression) ?? '')) return false;
    const object = bare((expression as Extract<Expression, { type: 'MemberExpression' }>).object);
    return wholes.has(nameOf(object) ?? '') || isAuth(object);
  }

  return { isOf: (expression) => parts.has(nameOf(bare(expression)) ?? '') || isMember(expression) };
}

/** A condition that has to do with who is signed in. */
export function asksSession(test: Expression, session: Session): boolean {
  let asks = false;
  walk(test, (node) => {
    asks ||= session.isOf(node as Expression);
  });
  return asks;
}

function nameOf(node: unknown): string | undefined {
  const { type, name } = (node ?? {}) as { readonly type?: unknown; readonly name?: unknown };
  return type === 'Identifier' && typeof name === 'string' ? name : undefined;
}
