import { parse } from '@babel/parser';
import { constantIn } from '../gather/files/syntax/exported.ts';
import {
  bare,
  type CallExpression,
  type Expression,
  literalString,
  type ObjectExpression,
  type Program,
  walk,
} from '../gather/files/syntax/parseSource.ts';

/** Source that has no fault, or null: what is not understood is not changed. */
export function parseFaultless(text: string): Program | null {
  try {
    return parse(text, { sourceType: 'module', plugins: ['typescript'] }).program;
  } catch {
    return null;
  }
}

const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** `text` with `inserted` put at each place. */
export function insertAll(text: string, parts: readonly { readonly at: number; readonly inserted: string }[]): string {
  return parts
    .toSorted((a, b) => b.at - a.at)
    .reduce((rest, { at, inserted }) => rest.slice(0, at) + inserted + rest.slice(at), text);
}

/** A name imported from a package. Null: it cannot be added surely, because the name is taken or there is no import to stand beside. */
export function withImport(text: string, name: string, from: string): string | null {
  const program = parseFaultless(text);
  if (!program) return null;
  const imports = program.body.filter((statement) => statement.type === 'ImportDeclaration');
  const values = imports.filter((statement) => statement.importKind !== 'type');
  for (const statement of values) {
    for (const specifier of statement.specifiers) {
      if (specifier.local.name !== name) continue;
      const imported =
        specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' && specifier.imported.name;
      // It is there, under its own name; or the name is something else's.
      return statement.source.value === from && imported === name ? text : null;
    }
  }
  let isTaken = false;
  walk(program, (node) => {
    if (node.type === 'Identifier' && node.name === name) isTaken = true;
  });
  if (isTaken) return null;
  const beside = values.find(
    ({ source, specifiers }) => source.value === from && specifiers.at(-1)?.type === 'ImportSpecifier',
  );
  const last = beside?.specifiers.at(-1)?.end;
  if (last) return insertAll(text, [{ at: last, inserted: `, ${name}` }]);
  const first = imports[0];
  if (typeof first?.start !== 'number' || first.source.start === undefined) return null;
  const quote = text.charAt(first.source.start ?? 0) === '"' ? '"' : "'";
  const inserted = `import { ${name} } from ${quote}${from}${quote};${newlineOf(text)}`;
  return insertAll(text, [{ at: first.start, inserted }]);
}

/** Puts a line into the beginning of an object that is written out. */
export function withProperty(text: string, { start, end }: ObjectExpression, property: string): string {
  if (typeof start !== 'number' || typeof end !== 'number') return text;
  const inside = text.slice(start + 1, end - 1);
  const newline = newlineOf(text);
  const at = start + 1;
  if (inside.trim() === '') {
    return `${text.slice(0, at)}${newline}  ${property},${newline}${text.slice(end - 1)}`;
  }
  const indent = /^[^\S\r\n]*\r?\n([^\S\r\n]*)/.exec(inside)?.[1];
  return insertAll(text, [
    { at, inserted: indent === undefined ? ` ${property},` : `${newline}${indent}${property},` },
  ]);
}

/** What a module exports as default, looked up where it is a constant of the module. */
export function defaultExport(program: Program): Expression | undefined {
  const statement = program.body.find((node) => node.type === 'ExportDefaultDeclaration');
  if (statement?.type !== 'ExportDefaultDeclaration') return undefined;
  const { declaration } = statement;
  if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') return undefined;
  const value = bare(declaration as Expression);
  return value.type === 'Identifier' ? constantOf(program, value.name) : value;
}

/** What a constant of the top level is made of. */
export function constantOf(program: Program, name: string): Expression | undefined {
  const made = constantIn(program, name);
  return made && bare(made);
}

/** A call of that function, by its own name. */
export function isCallOf(node: object | null | undefined, name: string): node is CallExpression {
  const call = node as CallExpression | null | undefined;
  return call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === name;
}

/** The object that a schema is defined with: `export default defineSchema({ … })`. Null where it is not written out there. */
export function schemaObject(program: Program): ObjectExpression | null {
  const call = defaultExport(program);
  if (!isCallOf(call, 'defineSchema')) return null;
  const [first] = call.arguments;
  if (!first || first.type === 'SpreadElement' || first.type === 'ArgumentPlaceholder') return null;
  const object = bare(first as Expression);
  return object.type === 'ObjectExpression' ? object : null;
}

/** Names of an object's own properties, and of what is spread into it: `...clerkWebhookTables`. */
export function propertyNames(object: ObjectExpression): readonly string[] {
  return object.properties.flatMap((property) => {
    if (property.type === 'SpreadElement') {
      return property.argument.type === 'Identifier' ? [`...${property.argument.name}`] : ['...'];
    }
    const name = property.computed
      ? undefined
      : property.key.type === 'Identifier'
        ? property.key.name
        : literalString(property.key);
    return name === undefined ? [] : [name];
  });
}
