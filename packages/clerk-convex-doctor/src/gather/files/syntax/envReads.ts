import { bare, type Expression, lineOf, memberName, type Program, walk } from './parseSource.ts';

/** A variable of the environment that a file reads. */
export interface EnvRead {
  readonly name: string;
  readonly line: number;
  readonly through: 'process.env' | 'import.meta.env';
}

/** `process.env.X`, `process.env['X']`, `import.meta.env.X`, `const { X } = process.env`: in the order of the file. */
export function envReadsOf(program: Program): readonly EnvRead[] {
  const found: EnvRead[] = [];
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator') {
      if (node.id.type !== 'ObjectPattern' || !node.init) return;
      const through = environmentOf(node.init);
      if (!through) return;
      for (const property of node.id.properties) {
        if (property.type !== 'ObjectProperty') continue;
        const { key } = property;
        const name = key.type === 'Identifier' ? key.name : key.type === 'StringLiteral' ? key.value : undefined;
        if (name !== undefined) found.push({ name, line: lineOf(property), through });
      }
    }
    const name = memberName(node);
    if (name === undefined) return;
    const through = environmentOf((node as Extract<Expression, { type: 'MemberExpression' }>).object);
    if (through) found.push({ name, line: lineOf(node), through });
  });
  return found;
}

/** `process.env`, `globalThis.process.env` or `import.meta.env`. */
function environmentOf(node: object): EnvRead['through'] | undefined {
  const expression = bare(node as Expression);
  if (memberName(expression) !== 'env') return undefined;
  // `(import.meta as any).env`, as Convex's template for TanStack Start has it.
  const object = bare((expression as Extract<Expression, { type: 'MemberExpression' }>).object);
  if (object.type === 'MetaProperty') return 'import.meta.env';
  if (object.type === 'Identifier' && object.name === 'process') return 'process.env';
  return memberName(object) === 'process' ? 'process.env' : undefined;
}
