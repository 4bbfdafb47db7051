import type { Program } from './parseSource.ts';

/** Where a name of a file comes from. `name`: as it is exported there; `*`: all of it; `default`. */
export interface Imported {
  readonly from: string;
  readonly name: string;
}

/** Every import of a value, by its name in this file. Types are left out: they are gone when it runs. */
export function importsOf(program: Program): ReadonlyMap<string, Imported> {
  const found = new Map<string, Imported>();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type') continue;
    for (const specifier of statement.specifiers) {
      const from = statement.source.value;
      if (specifier.type === 'ImportDefaultSpecifier') found.set(specifier.local.name, { from, name: 'default' });
      else if (specifier.type === 'ImportNamespaceSpecifier') found.set(specifier.local.name, { from, name: '*' });
      else if (specifier.importKind !== 'type') {
        const { imported } = specifier;
        found.set(specifier.local.name, {
          from,
          name: imported.type === 'Identifier' ? imported.name : imported.value,
        });
      }
    }
  }
  return found;
}

/** `export { useAuth } from '@clerk/react'`: by the name that it has outside. `export *` is under `*`. */
export function reexportsOf(program: Program): ReadonlyMap<string, Imported> {
  const found = new Map<string, Imported>();
  const imports = importsOf(program);
  for (const statement of program.body) {
    if (statement.type === 'ExportAllDeclaration') found.set('*', { from: statement.source.value, name: '*' });
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ExportSpecifier') continue;
      const { exported, local } = specifier;
      const outside = exported.type === 'Identifier' ? exported.name : exported.value;
      if (statement.source) found.set(outside, { from: statement.source.value, name: local.name });
      else {
        const imported = imports.get(local.name);
        if (imported) found.set(outside, imported);
      }
    }
  }
  return found;
}
