import type { SourceFile } from '../source/sourceFiles.ts';
import { envReadsOf } from '../syntax/envReads.ts';
import { bare, type Expression, literalString, memberName, type Program, walk } from '../syntax/parseSource.ts';

interface Secret {
  /** Variables that it is read from. */
  readonly names: readonly string[];
  /** Those, and all other names that it comes by: `env.CLERK_WEBHOOK_SECRET`, `required('CLERK_WEBHOOK_SECRET')`. */
  readonly said: readonly string[];
}

/** Where a secret comes from, through constants of the file. */
export function secretIn(expression: Expression, { program }: SourceFile): Secret {
  const names = new Set<string>();
  const said = new Set<string>();
  const taken = new Set(envReadsOf(program).map(({ name }) => name));
  const seen = new Set<string>();
  const follow = (given: Expression): void => {
    // A program is only what is asked for reads of: an expression will do.
    for (const { name } of envReadsOf(given as unknown as Program)) names.add(name);
    walk(given, (node) => {
      const word = memberName(node) ?? literalString(node);
      if (word !== undefined) said.add(word);
      if (node.type !== 'Identifier' || seen.has(node.name)) return;
      seen.add(node.name);
      said.add(node.name);
      const declared = declaredIn(program, node.name);
      if (declared === 'environment' && taken.has(node.name)) names.add(node.name);
      else if (declared !== undefined && declared !== 'environment') follow(declared);
    });
  };
  follow(expression);
  return { names: [...names], said: [...new Set([...names, ...said])] };
}

/** What a constant of the file is made of; `environment`: `const { NAME } = process.env`. Undefined: it comes from elsewhere. */
function declaredIn(program: Program, name: string): Expression | 'environment' | undefined {
  let found: Expression | 'environment' | undefined;
  walk(program, (node) => {
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    if (node.id.type === 'Identifier' && node.id.name === name) found ??= node.init;
    if (node.id.type !== 'ObjectPattern' || memberName(bare(node.init)) !== 'env') return;
    if (node.id.properties.some((one) => one.type === 'ObjectProperty' && keyOf(one) === name)) found ??= 'environment';
  });
  return found;
}

/** An option of a call's; undefined: it is not given. */
export function optionOf(
  options: Expression,
  name: string,
  { program }: SourceFile,
): Expression | 'unknown' | undefined {
  let object = bare(options);
  if (object.type === 'Identifier') {
    const declared = declaredIn(program, object.name);
    if (declared === undefined || declared === 'environment') return 'unknown';
    object = bare(declared);
  }
  if (object.type !== 'ObjectExpression') return 'unknown';
  let isWhole = true;
  for (const property of object.properties) {
    if (property.type === 'ObjectProperty' && keyOf(property) === name) return property.value as Expression;
    if (property.type === 'SpreadElement') isWhole = false;
  }
  return isWhole ? undefined : 'unknown';
}

function keyOf(property: object): string | undefined {
  const { key } = property as { readonly key: Expression };
  return key.type === 'Identifier' ? key.name : literalString(key);
}
