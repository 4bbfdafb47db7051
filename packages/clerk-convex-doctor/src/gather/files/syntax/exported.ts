import { type Imported, importsOf, reexportsOf } from './imports.ts';
import { bare, type Expression, type Program } from './parseSource.ts';

/** What a file exports under the first of some names: an expression of its own, or what it has from another file. */
export type Exported =
  | { readonly kind: 'own'; readonly expression: Expression }
  | { readonly kind: 'imported'; readonly imported: Imported };

/** Undefined: it exports none of these, or a function that is declared. */
export function exportedAs(program: Program, names: readonly string[]): Exported | undefined {
  const reexports = reexportsOf(program);
  for (const name of names) {
    const imported = reexports.get(name);
    if (imported) return { kind: 'imported', imported };
    const expression = name === 'default' ? defaultOf(program) : namedExport(program, name);
    if (expression) return resolved(expression, program, 0);
  }
  // `export *` hands on everything but the default.
  const name = names.find((each) => each !== 'default');
  const all = reexports.get('*');
  return all && name !== undefined ? { kind: 'imported', imported: { from: all.from, name } } : undefined;
}

function resolved(expression: Expression, program: Program, depth: number): Exported | undefined {
  const inner = bare(expression);
  if (inner.type !== 'Identifier') return { kind: 'own', expression: inner };
  const imported = importsOf(program).get(inner.name);
  if (imported) return { kind: 'imported', imported };
  const own = constantIn(program, inner.name);
  return own && depth < 5 ? resolved(own, program, depth + 1) : undefined;
}

function defaultOf(program: Program): Expression | undefined {
  for (const statement of program.body) {
    if (statement.type !== 'ExportDefaultDeclaration') continue;
    const { declaration } = statement;
    const isDeclared = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
    return isDeclared || declaration.type === 'TSDeclareFunction' ? undefined : declaration;
  }
  return namedExport(program, 'default');
}

/** `export const a = …`, `export { b as a }`. */
function namedExport(program: Program, name: string): Expression | undefined {
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    if (statement.declaration?.type === 'VariableDeclaration') {
      for (const { id, init } of statement.declaration.declarations)
        if (id.type === 'Identifier' && id.name === name && init) return init;
    }
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ExportSpecifier' || statement.source) continue;
      const { exported, local } = specifier;
      if ((exported.type === 'Identifier' ? exported.name : exported.value) === name) return local;
    }
  }
  return undefined;
}

/** What a constant of the file's top level is made of. */
export function constantIn(program: Program, name: string): Expression | undefined {
  for (const outer of program.body) {
    const statement = outer.type === 'ExportNamedDeclaration' && outer.declaration ? outer.declaration : outer;
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') continue;
    for (const { id, init } of statement.declarations)
      if (id.type === 'Identifier' && id.name === name && init) return init;
  }
  return undefined;
}
