import { parse } from '@babel/parser';

export type Program = ReturnType<typeof parse>['program'];
export type Statement = Program['body'][number];
export type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression'];
type Kind<Type> = Extract<Expression, { type: Type }>;
export type ObjectExpression = Kind<'ObjectExpression'>;
export type CallExpression = Kind<'CallExpression'>;
export type NewExpression = Kind<'NewExpression'>;
export type MemberExpression = Kind<'MemberExpression'>;
export type JsxElement = Kind<'JSXElement'>;
export type FunctionExpression = Kind<'ArrowFunctionExpression'> | Kind<'FunctionExpression'>;
type VariableDeclaration = Extract<Statement, { type: 'VariableDeclaration' }>;
export type Declarator = VariableDeclaration['declarations'][number];
export type FunctionDeclaration = Extract<Statement, { type: 'FunctionDeclaration' }>;

/** Every node that is asked for by its type. */
export type SyntaxNode = Expression | Statement | Declarator;

export type Parsed =
  | { readonly status: 'parsed'; readonly program: Program; readonly text: string }
  | { readonly status: 'broken'; readonly reason: string };

/** TypeScript or JavaScript, with or without JSX. What has a syntax error is parsed as far as it goes. Never throws. */
export function parseSource(text: string, file: string): Parsed {
  // `<T>value` is a cast in .ts and .mts, and JSX everywhere else.
  if (isTangled(text)) return { status: 'broken', reason: 'its type arguments are nested too deeply' };
  const jsx = !/\.[cm]?ts$/.test(file);
  try {
    const { program, errors } = parse(text, {
      sourceType: 'unambiguous',
      sourceFilename: file,
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      plugins: jsx ? ['typescript', 'jsx'] : ['typescript'],
    });
    const first = errors?.[0];
    // With errors, what is there may be not what is meant.
    return first && program.body.length === 0
      ? { status: 'broken', reason: problemOf(first) }
      : { status: 'parsed', program, text };
  } catch (error) {
    return { status: 'broken', reason: problemOf(error) };
  }
}

/**
 * `f<T>(f<T>(f<T>(`: what comes after `>` may be a call or a function, and Babel 7.29 tries both at each level. Sixteen levels
 * that do not end take 20 s; nobody writes six.
 */
function isTangled(text: string): boolean {
  const open: boolean[] = [];
  let after = 0;
  let last = '';
  let beforeLast = '';
  for (const character of text) {
    if (character === '(') {
      const isAfterType = last === '>' && beforeLast !== '=';
      open.push(isAfterType);
      if (isAfterType) after += 1;
      if (after > 5) return true;
    } else if (character === ')' && open.pop()) after -= 1;
    if (character.trim() === '') continue;
    beforeLast = last;
    last = character;
  }
  return false;
}

function problemOf(error: unknown): string {
  // Nested so deep that the parser's stack does not suffice.
  if (error instanceof RangeError) return 'it is nested too deeply';
  const { loc } = error as { readonly loc?: { readonly line?: number } };
  return loc?.line === undefined ? 'it has a syntax error' : `it has a syntax error in line ${loc.line}`;
}

export const lineOf = (node: { readonly loc?: { readonly start: { readonly line: number } } | null }): number =>
  node.loc?.start.line ?? 1;

/** Visits a node and all that is below it, without recursion: source may be nested deeper than the stack. */
export function walk(root: object, visit: (node: SyntaxNode) => void): void {
  const waiting: object[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('type' in node && typeof node.type === 'string') visit(node as SyntaxNode);
    const children: object[] = [];
    for (const [key, value] of Object.entries(node)) {
      if (notSyntax.has(key) || typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value))
        for (const item of value) typeof item === 'object' && item !== null && children.push(item);
      else children.push(value);
    }
    for (let index = children.length - 1; index >= 0; index -= 1) waiting.push(children[index] as object);
  }
}

const notSyntax = new Set([
  'loc',
  'extra',
  'tokens',
  'errors',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'comments',
]);

/** A string that is written out: `'a'` or a template without a hole. */
export function literalString(node: object | null | undefined): string | undefined {
  const expression = node as Expression | null | undefined;
  if (expression?.type === 'StringLiteral') return expression.value;
  if (expression?.type === 'TemplateLiteral' && expression.quasis.length === 1)
    return expression.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** Without what TypeScript and parentheses put around an expression. */
export function bare(node: Expression): Expression {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ParenthesizedExpression':
        inner = inner.expression;
        break;
      default:
        return inner;
    }
  }
}

/** `a.b` or `a['b']`: `b`. */
export function memberName(node: object): string | undefined {
  const member = node as MemberExpression;
  if (member.type !== 'MemberExpression' && (member.type as string) !== 'OptionalMemberExpression') return undefined;
  if (!member.computed) return member.property.type === 'Identifier' ? member.property.name : undefined;
  return literalString(member.property);
}
