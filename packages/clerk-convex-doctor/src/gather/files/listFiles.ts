import { glob } from 'tinyglobby';

/** Folders that hold no source of the project. */
const ignored = [
  '**/node_modules/**',
  '**/.git/**',
  '**/dist/**',
  '**/build/**',
  '**/out/**',
  '**/coverage/**',
  '**/_generated/**',
  '**/.{next,output,nitro,vercel,netlify,expo,turbo,cache,svelte-kit,tanstack,convex,yarn,pnpm-store}/**',
];

/** So many files are looked at, at most. */
export const fileLimit = 5_000;

/** Paths of files below a folder, sorted, with `/`, from the folder. Links to folders are not followed: they may go in circles. */
export async function listFiles(
  folder: string,
  patterns: readonly string[],
  except: readonly string[] = [],
): Promise<readonly string[]> {
  const found = await glob([...patterns], {
    cwd: folder,
    ignore: [...ignored, ...except],
    followSymbolicLinks: false,
    expandDirectories: false,
    dot: true,
  });
  return found.sort((a, b) => (a < b ? -1 : 1)).slice(0, fileLimit);
}
