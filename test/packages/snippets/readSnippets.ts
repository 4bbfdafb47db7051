import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Code of a document, as a module of an app that a compiler can look at. */
export interface Snippet {
  readonly document: string;
  /** Of the examples, the app that it stands in. */
  readonly app: 'vite-app' | 'next-app';
  /** Its place there: `convex/docs_users_md_66.ts`. */
  readonly file: string;
  /** On the lines that it has in the document. */
  readonly text: string;
}

/** What somebody reads who uses the packages. */
const documents = [
  'README.md',
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  'stories/StartHere.mdx',
  'stories/AuthDevtools/Usage.mdx',
];

/**
 * Every block of `ts`, `tsx` and `diff` as a module:
 * - Of a `diff`, what is there after it.
 * - A block that begins with the name of a file (`// convex/users.ts`) stands in that folder of the example app, any other
 *   one in `src`. `docs/next.md` is of the example for Next.js.
 * - A name that a block uses and neither declares nor imports is what the first block above it in the document means by it,
 *   else what `world` says that the reader has.
 */
export function readSnippets(world: { readonly file: string; readonly names: readonly string[] }): Snippet[] {
  return documents.flatMap((document) => {
    /** Where a name comes from. */
    const known = new Map(world.names.map((name) => [name, world.file]));
    const above = new Map<string, string>();
    return blocksIn(document).map(({ line, code, language }) => {
      const place = /^\/\/ ([\w./-]+)\.tsx?\b/.exec(code)?.[1];
      const app = document === 'docs/next.md' ? 'next-app' : 'vite-app';
      const folder = place === undefined ? 'src' : posix.dirname(place);
      const name = `${document.replaceAll(/\W/g, '_')}_${line}`;
      const { own, used } = namesIn(code);
      const given = [...used].flatMap((it) => {
        const from = above.get(it) ?? known.get(it);
        return from === undefined || own.has(it) ? [] : [`import { ${it} } from '${from}';`];
      });
      const toItself = `${posix.relative(folder, '.') || '.'}/`;
      const text = [
        ...Array(line - 1).fill(''),
        given.join(' ').replaceAll("from './", `from '${toItself}`),
        code,
        [...own].map(([it, isExported]) => (isExported ? '' : `export { ${it} };`)).join(' '),
        'export {};',
      ].join('\n');
      for (const it of own.keys()) if (!above.has(it)) above.set(it, `./${posix.join(folder, name)}`);
      return { document, app, file: posix.join(folder, `${name}.${language}`), text };
    });
  });
}

interface Block {
  /** Of its fence. */
  readonly line: number;
  readonly language: 'ts' | 'tsx';
  readonly code: string;
}

function blocksIn(document: string): Block[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```(tsx?|diff)\n(.*?)\n```$/gms)].map(({ 1: language, 2: code = '', index }) => ({
    line: text.slice(0, index).split('\n').length,
    language: language === 'ts' ? 'ts' : 'tsx',
    code: language === 'diff' ? code.replaceAll(/^(?:-.*|[+ ] ?)/gm, '') : code,
  }));
}

/** What a module declares or imports, and whether it exports that; and every name that stands in it. */
export function namesIn(code: string): { own: Map<string, boolean>; used: Set<string> } {
  const own = new Map<string, boolean>();
  const note = (name: ts.BindingName | undefined, isExported: boolean): void => {
    if (name && ts.isIdentifier(name)) own.set(name.text, isExported);
    else for (const element of name?.elements ?? []) if (ts.isBindingElement(element)) note(element.name, isExported);
  };
  const source = ts.createSourceFile('snippet.tsx', code, ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) note(name, isExported);
    }
    if (ts.isFunctionDeclaration(statement) || ts.isInterfaceDeclaration(statement)) note(statement.name, isExported);
    const exports = ts.isExportDeclaration(statement) && statement.exportClause;
    if (exports && ts.isNamedExports(exports)) for (const { name } of exports.elements) own.set(name.text, true);
    const bindings = ts.isImportDeclaration(statement) && statement.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings)) for (const { name } of bindings.elements) note(name, false);
  }
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    node.forEachChild(visit);
  };
  visit(source);
  return { own, used };
}
