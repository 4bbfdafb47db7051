import type { LocalModules } from '../source/localModules.ts';
import type { Program } from '../syntax/parseSource.ts';
import { literalString, walk } from '../syntax/parseSource.ts';

/** So many files of one middleware are looked at. */
const mostFiles = 60;

/**
 * Does a middleware use Clerk's, by itself or through files of the project's that it imports? Null: that cannot be told,
 * because an import leads to a package of the workspace, or to nothing that can be read.
 */
export async function usesClerk(
  file: string,
  modules: LocalModules,
  ownPackages: ReadonlySet<string>,
): Promise<boolean | null> {
  const waiting = [file];
  const seen = new Set(waiting);
  let isKnown = true;
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const module = await modules.read(path);
    if (!module) {
      isKnown = false;
      continue;
    }
    const sources = sourcesOf(module.program);
    if (sources.some(({ from, names }) => isClerk(from) && (names === 'all' || names.some((name) => makers.has(name)))))
      return true;
    for (const { from } of sources) {
      if (/\.(css|scss|json|svg|png|jpe?g)$/.test(from)) continue;
      const target = await modules.resolve(from, path);
      if (target.kind === 'unknown' || (target.kind === 'package' && ownPackages.has(packageName(from))))
        isKnown = false;
      if (target.kind !== 'file' || seen.has(target.path)) continue;
      seen.add(target.path);
      if (seen.size > mostFiles) isKnown = false;
      else waiting.push(target.path);
    }
  }
  return isKnown ? false : null;
}

const makers = new Set(['clerkMiddleware', 'authMiddleware', 'withClerkMiddleware', 'createClerkHandler', 'default']);

const isClerk = (from: string): boolean => from.startsWith('@clerk/');

const packageName = (from: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from;

interface Source {
  readonly from: string;
  /** As they are called there; `all`: a namespace, `require()`, `import()`, `export *`. */
  readonly names: readonly string[] | 'all';
}

/** Everything that a file takes from others, but types. */
function sourcesOf(program: Program): readonly Source[] {
  const found: Source[] = [];
  walk(program, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        if (node.importKind === 'type') return;
        found.push({
          from: node.source.value,
          names: node.specifiers.some(({ type }) => type === 'ImportNamespaceSpecifier')
            ? 'all'
            : node.specifiers.flatMap((specifier) => {
                if (specifier.type !== 'ImportSpecifier') return ['default'];
                if (specifier.importKind === 'type') return [];
                const { imported } = specifier;
                return [imported.type === 'Identifier' ? imported.name : imported.value];
              }),
        });
        return;
      case 'ExportAllDeclaration':
        if (node.exportKind !== 'type') found.push({ from: node.source.value, names: 'all' });
        return;
      case 'ExportNamedDeclaration':
        if (!node.source || node.exportKind === 'type') return;
        found.push({
          from: node.source.value,
          names: node.specifiers.flatMap((specifier) =>
            specifier.type === 'ExportSpecifier' ? [specifier.local.name] : ['all'],
          ),
        });
        return;
      case 'CallExpression': {
        const { callee } = node;
        const isImport = (callee.type as string) === 'Import';
        if (!isImport && !(callee.type === 'Identifier' && callee.name === 'require')) return;
        const from = literalString(node.arguments[0]);
        if (from !== undefined) found.push({ from, names: 'all' });
        return;
      }
      default:
    }
  });
  return found;
}
