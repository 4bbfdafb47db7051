import { join } from 'node:path';
import { listFiles } from '../listFiles.ts';
import { pathFrom } from '../project/workspace.ts';
import { readText } from '../readText.ts';
import { type Imported, importsOf } from '../syntax/imports.ts';
import { type Program, parseSource } from '../syntax/parseSource.ts';

/** A file of source that has been parsed. */
export interface SourceFile {
  /** Whole. */
  readonly path: string;
  /** From the project's root. */
  readonly shown: string;
  /** From the folder that was searched. */
  readonly local: string;
  readonly text: string;
  readonly program: Program;
  readonly imports: ReadonlyMap<string, Imported>;
}

/** What no user meets: a test may put the providers as it likes. */
const notShipped = [
  '**/*.{test,spec,stories,story,cy,e2e}.*',
  '**/*.d.{ts,mts,cts}',
  '**/{__tests__,__mocks__,e2e,cypress,playwright,tests}/**',
  '**/*.min.js',
];

/** Parses the sources below a folder whose text has to do with Clerk, Convex or the environment. */
export async function sourceFilesIn(
  folder: string,
  root: string,
  except: readonly string[],
  skipped: (why: string) => void,
): Promise<readonly SourceFile[]> {
  const found: SourceFile[] = [];
  for (const local of await listFiles(folder, ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'], [...notShipped, ...except])) {
    // Convex's router may have all it does from another file, and say nothing of what it is about.
    const counts = isRouterFile(local) ? () => true : isOfInterest;
    const file = await readSource(join(folder, local), root, folder, skipped, counts);
    if (file) found.push(file);
  }
  return found;
}

/** In Convex's folder: what serves HTTP. */
export const isRouterFile = (local: string): boolean => /^http\.[cm]?[jt]s$/.test(local);

/** What a file is about that is worth parsing; or it hands on what others have (`export * from`). */
const isOfInterest = (text: string): boolean =>
  /clerk|convex|_generated\/|svix|webhook|\benv(Prefix)?\b|\bdb\b|schema|useAuth|providers?\b/i.test(text) ||
  /^[ \t]{0,20}export\b[^;'"]{0,1000}\bfrom\s?['"]/m.test(text);

/** Undefined: it is not there, or has nothing to do with it; or it cannot be read, and `skipped` is told why. */
export async function readSource(
  path: string,
  root: string,
  folder: string,
  skipped: (why: string) => void = () => {},
  counts = isOfInterest,
): Promise<SourceFile | undefined> {
  const shown = pathFrom(root, path);
  const reading = await readText(path);
  if (reading.status === 'missing') return undefined;
  if (reading.status === 'unreadable') {
    skipped(`${shown}: ${reading.reason}`);
    return undefined;
  }
  const { text } = reading;
  if (!counts(text)) return undefined;
  const parsed = parseSource(text, path);
  if (parsed.status === 'broken') {
    skipped(`${shown}: ${parsed.reason}`);
    return undefined;
  }
  const { program } = parsed;
  return { path, shown, local: pathFrom(folder, path), text, program, imports: importsOf(program) };
}
