import type { Program } from './parseSource.ts';

export interface Positioned {
  readonly start?: number | null;
  readonly end?: number | null;
}

const known = new WeakMap<Program, ReadonlyMap<string, Positioned & object>>();

/** What the names of a file's top level stand for; its default export under `default`. */
export function declaredIn(program: Program): ReadonlyMap<string, Positioned & object> {
  const names = known.get(program) ?? read(program);
  known.set(program, names);
  return names;
}

function read(program: Program): ReadonlyMap<string, Positioned & object> {
  const names = new Map<string, Positioned & object>();
  for (const outer of program.body) {
    const isExport = outer.type === 'ExportNamedDeclaration' || outer.type === 'ExportDefaultDeclaration';
    const statement = isExport && outer.declaration ? outer.declaration : outer;
    if (outer.type === 'ExportDefaultDeclaration') names.set('default', outer.declaration);
    if (statement.type === 'FunctionDeclaration' && statement.id) names.set(statement.id.name, statement);
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) if (id.type === 'Identifier' && init) names.set(id.name, init);
  }
  return names;
}
