import { readFile, writeFile } from 'node:fs/promises';

/**
 * tsup plugin: keeps `'use client'` where it is a directive.
 *
 * esbuild hoists imports above the statements of a module and merges modules into shared chunks, so a directive written
 * in a source file can end up in the middle of one. A chunk that contains React code gets it back as its first
 * statement; chunks without (the core) stay importable from a server component. No line moves, so source maps stay right.
 */
export const clientDirective = () => ({
  name: 'client-directive',
  async buildEnd({ writtenFiles }: { writtenFiles: ReadonlyArray<{ readonly name: string }> }): Promise<void> {
    for (const { name } of writtenFiles) {
      if (!name.endsWith('.js')) continue;
      const code = await readFile(name, 'utf8');
      const placed = placeDirective(code);
      if (placed !== code) await writeFile(name, placed);
    }
  },
});

/** The code of a chunk with `'use client'` as its first statement when it is React's, and nowhere else. */
export function placeDirective(code: string): string {
  const stripped = code.replace(/^(['"])use client\1;?[ \t]*$/gm, '');
  // The server half of an entry that has a client half (scripts/clientHalf.ts).
  if (/\bfrom ?["']\.\/[\w-]+\.client\.js["']/.test(code)) return stripped;
  const isReact = stripped !== code || /\bfrom ?["'](react|react\/jsx-runtime|convex\/react)["']/.test(code);
  return isReact ? `'use client';${stripped}` : code;
}
