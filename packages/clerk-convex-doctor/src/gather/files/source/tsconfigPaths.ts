import { join, resolve } from 'node:path';
import { isRecord, strings } from '../project/packageJson.ts';
import { textOf } from '../readText.ts';
import { type Expression, literalString, parseSource } from '../syntax/parseSource.ts';

/** `paths` of the app's tsconfig.json or jsconfig.json: the whole paths that an import may stand for, without their ends. */
export async function tsconfigPaths(folder: string): Promise<(from: string) => readonly string[]> {
  for (const name of ['tsconfig.json', 'tsconfig.app.json', 'jsconfig.json']) {
    const text = await textOf(join(folder, name));
    const options = text === undefined ? undefined : compilerOptions(text);
    if (!options || !isRecord(options.paths)) continue;
    const base = resolve(folder, typeof options.baseUrl === 'string' ? options.baseUrl : '.');
    const entries = Object.entries(options.paths).map(([pattern, targets]) => [pattern, strings(targets)] as const);
    return (from) =>
      entries.flatMap(([pattern, targets]) => {
        const rest = matched(pattern, from);
        return rest === undefined
          ? []
          : targets.map((target) =>
              resolve(
                base,
                target.replace('*', () => rest),
              ),
            );
      });
  }
  return () => [];
}

function matched(pattern: string, from: string): string | undefined {
  const [head = '', tail] = pattern.split('*', 2);
  if (tail === undefined) return from === pattern ? '' : undefined;
  if (!from.startsWith(head) || !from.endsWith(tail) || from.length < head.length + tail.length) return undefined;
  return from.slice(head.length, from.length - tail.length);
}

/** A tsconfig has comments and commas at its ends: it is read as the object of JavaScript that it also is. */
function compilerOptions(text: string): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseSource(`(${text}\n)`, 'tsconfig.ts');
  if (parsed.status === 'broken') return undefined;
  const [statement] = parsed.program.body;
  const data = statement?.type === 'ExpressionStatement' ? dataOf(statement.expression, 0) : undefined;
  const options = isRecord(data) ? data.compilerOptions : undefined;
  return isRecord(options) ? options : undefined;
}

function dataOf(expression: Expression, depth: number): unknown {
  if (depth > 4) return undefined;
  if (expression.type === 'ArrayExpression')
    return expression.elements.map((element) => dataOf(element as Expression, depth + 1));
  if (expression.type !== 'ObjectExpression') return literalString(expression);
  return Object.fromEntries(
    expression.properties.flatMap((property) => {
      if (property.type !== 'ObjectProperty') return [];
      const name = literalString(property.key);
      return name === undefined ? [] : [[name, dataOf(property.value as Expression, depth + 1)]];
    }),
  );
}
