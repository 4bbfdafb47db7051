import { join, resolve } from 'node:path';
import { configIn, outerValueIn, valuesIn } from '../project/configFile.ts';
import { isFolder } from '../readText.ts';
import { type Expression, literalString, memberName } from '../syntax/parseSource.ts';

/**
 * The folder that Vite reads env files from, where its config names another than the app's own: `envDir`, from its `root`, else that.
 * Undefined: it does not, or what it says is not known before it runs.
 */
export async function viteEnvDir(app: string): Promise<string | undefined> {
  const config = await configIn(app, 'vite.config');
  const root = config && outerValueIn(config, 'root');
  const from = root ? folderOf(root, app) : app;
  if (!config || from === undefined) return undefined;
  const [envDir] = valuesIn(config, 'envDir');
  const found = envDir ? folderOf(envDir, from, app) : from;
  return found !== undefined && found !== app && (await isFolder(found)) ? found : undefined;
}

/** `'..'`, `path.resolve(__dirname, '..')`, `fileURLToPath(new URL('..', import.meta.url))`, `join(process.cwd(), '..')`. */
function folderOf(expression: Expression, from: string, app = from): string | undefined {
  const written = literalString(expression);
  if (written !== undefined) return resolve(from, written);
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
