import { join } from 'node:path';
import { textOf } from '../readText.ts';
import {
  type Expression,
  literalString,
  type ObjectExpression,
  type Program,
  parseSource,
  walk,
} from '../syntax/parseSource.ts';

export interface ConfigFile {
  readonly text: string;
  readonly program: Program;
}

/** The config of a framework in a folder: `vite.config.ts`. Undefined: there is none, or it cannot be parsed. */
export async function configIn(folder: string, name: 'vite.config' | 'next.config'): Promise<ConfigFile | undefined> {
  for (const end of ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']) {
    const file = join(folder, `${name}.${end}`);
    const text = await textOf(file);
    if (text === undefined) continue;
    const parsed = parseSource(text, file);
    return parsed.status === 'parsed' ? { text, program: parsed.program } : undefined;
  }
  return undefined;
}

/** What stands behind a name in any object of the config, in its order. */
export function valuesIn({ program, text }: ConfigFile, name: string): readonly Expression[] {
  if (!text.includes(name)) return [];
  return objectsIn(program).flatMap((object) => propertyOf(object, name) ?? []);
}

/** The same, of objects that stand in no other: the config itself, and none of what its plugins are told. */
export function outerValueIn({ program, text }: ConfigFile, name: string): Expression | undefined {
  if (!text.includes(name)) return undefined;
  let end = 0;
  // In their order an object comes before those that stand in it.
  const outer = objectsIn(program).filter((object) => {
    const isOuter = (object.start ?? 0) >= end;
    if (isOuter) end = object.end ?? 0;
    return isOuter;
  });
  return outer.map((object) => propertyOf(object, name)).find((value) => value !== undefined);
}

function objectsIn(root: object): readonly ObjectExpression[] {
  const found: ObjectExpression[] = [];
  walk(root, (node) => {
    if (node.type === 'ObjectExpression') found.push(node);
  });
  return found;
}

const propertyOf = (object: ObjectExpression, name: string): Expression | undefined =>
  propertiesOf(object).find(([key]) => key === name)?.[1];

/** Names that are written out, each with what stands behind it. */
export const propertiesOf = ({ properties }: ObjectExpression): readonly (readonly [string, Expression])[] =>
  properties.flatMap((property): readonly (readonly [string, Expression])[] => {
    if (property.type !== 'ObjectProperty' || property.computed) return [];
    const name = property.key.type === 'Identifier' ? property.key.name : literalString(property.key);
    return name === undefined ? [] : [[name, property.value as Expression]];
  });
