import { pathFrom } from '../project/workspace.ts';
import { textOf } from '../readText.ts';
import { createLocalModules } from '../source/localModules.ts';
import { type Program, parseSource } from '../syntax/parseSource.ts';

/** A file that auth.config.ts is made from. */
export interface ConfigModule {
  /** As it is shown: from the project's root. */
  readonly file: string;
  readonly program: Program;
  /** The project's own files that it imports, by what the import says: `./env`. */
  readonly imports: ReadonlyMap<string, ConfigModule>;
}

/** So many files are read for one auth.config.ts. */
const mostFiles = 30;

/** The files that a file imports, and what these import. Packages, and what cannot be read, are left out. */
export async function configModules(
  path: string,
  { folder, top, root }: { readonly folder: string; readonly top: string; readonly root: string },
): Promise<ConfigModule['imports']> {
  const modules = createLocalModules(folder, top);
  const known = new Map<string, ConfigModule | undefined>();

  async function load(file: string): Promise<ConfigModule | undefined> {
    if (known.has(file) || known.size > mostFiles) return known.get(file);
    const text = await textOf(file);
    const shown = pathFrom(root, file);
    const parsed = text === undefined ? undefined : parseSource(text, shown);
    if (parsed?.status !== 'parsed') {
      known.set(file, undefined);
      return undefined;
    }
    const imports = new Map<string, ConfigModule>();
    const module = { file: shown, program: parsed.program, imports };
    // Before what it imports: that may lead back to it.
    known.set(file, module);
    for (const from of sourcesOf(parsed.program)) {
      const target = await modules.resolve(from, file);
      const imported = target.kind === 'file' ? await load(target.path) : undefined;
      if (imported) imports.set(from, imported);
    }
    return module;
  }

  return (await load(path))?.imports ?? new Map();
}

const sourcesOf = (program: Program): ReadonlySet<string> =>
  new Set(
    program.body.flatMap((statement) => {
      if (statement.type === 'ImportDeclaration')
        return statement.importKind === 'type' ? [] : [statement.source.value];
      if (statement.type === 'ExportAllDeclaration') return [statement.source.value];
      return statement.type === 'ExportNamedDeclaration' && statement.source ? [statement.source.value] : [];
    }),
  );
