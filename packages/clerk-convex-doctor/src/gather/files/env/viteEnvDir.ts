import { join, resolve } from 'node:path';
import { isFolder, textOf } from '../readText.ts';
import { type Expression, literalString, memberName, parseSource, walk } from '../syntax/parseSource.ts';

/**
 * The folder that Vite reads env files from, where its config names another than the app's own (`envDir`, from the root).
 * Undefined: it does not, or what it says is not known before it runs.
 */
export async function viteEnvDir(app: string): Promise<string | undefined> {
  for (const end of ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']) {
    const file = join(app, `vite.config.${end}`);
    const text = await textOf(file);
    if (text === undefined) continue;
    if (!text.includes('envDir')) return undefined;
    const parsed = parseSource(text, file);
    if (parsed.status === 'broken') return undefined;
    let found: string | undefined;
    walk(parsed.program, (node) => {
      if (node.type !== 'ObjectExpression') return;
      for (const property of node.properties) {
        if (property.type !== 'ObjectProperty' || property.computed) continue;
        const name = property.key.type === 'Identifier' ? property.key.name : literalString(property.key);
        if (name === 'envDir') found ??= folderOf(property.value as Expression, app);
      }
    });

    return found !== undefined && (await isFolder(found)) ? found : undefined;
  }
  return undefined;
}

/** `'..'`, `path.resolve(__dirname, '..')`, `fileURLToPath(new URL('..', import.meta.url))`, `join(process.cwd(), '..')`. */
function folderOf(expression: Expression, app: string): string | undefined {
  const written = literalString(expression);
  if (written !== undefined) return resolve(app, written);
  if (expression.type === 'NewExpression') {
    const isUrl = expression.callee.type === 'Identifier' && expression.callee.name === 'URL';
    const path = isUrl ? literalString(expression.arguments[0]) : undefined;
    return path === undefined || /^[a-z]+:/i.test(path) ? undefined : resolve(app, path);
  }
  if (memberName(expression) === 'pathname')
    return folderOf((expression as Extract<Expression, { type: 'MemberExpression' }>).object, app);
  if (expression.type !== 'CallExpression') return undefined;
  const { callee } = expression;
  const name = callee.type === 'Identifier' ? callee.name : memberName(callee);
  const [first, ...rest] = expression.arguments;
  if (name === 'fileURLToPath' && first && rest.length === 0) return folderOf(first as Expression, app);
  if (name !== 'resolve' && name !== 'join') return undefined;
  let folder = app;
  for (const [index, argument] of expression.arguments.entries()) {
    if (index === 0 && isHere(argument)) continue;
    const part = literalString(argument);
    if (part === undefined) return undefined;
    folder = name === 'join' ? join(folder, part) : resolve(folder, part);
  }
  return folder;
}

/** `__dirname`, `import.meta.dirname`, `process.cwd()`: the app's folder. */
function isHere(node: object): boolean {
  const expression = node as Expression;
  if (expression.type === 'Identifier') return expression.name === '__dirname';
  if (expression.type === 'CallExpression') return memberName(expression.callee) === 'cwd';
  return memberName(expression) === 'dirname';
}
