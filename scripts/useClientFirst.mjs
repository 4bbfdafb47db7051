import { readFile, writeFile } from 'node:fs/promises';

/**
 * tsup plugin: keeps `'use client'` where it is a directive.
 *
 * esbuild hoists imports above the statements of a module and merges modules into shared chunks, so a directive written
 * in a source file can end up in the middle of one. A chunk that contains React code gets it back as its first
 * statement; chunks without (the core) stay importable from a server component. No line moves, so source maps stay right.
 */
export const useClientFirst = () => ({
  name: 'use-client-first',
  async buildEnd({ writtenFiles }) {
    for (const { name } of writtenFiles) {
      if (!name.endsWith('.js')) continue;
      const code = await readFile(name, 'utf8');
      const stripped = code.replace(/^(['"])use client\1;?[ \t]*$/gm, '');
      const isReact = stripped !== code || /from ?["'](react|react\/jsx-runtime|convex\/react)["']/.test(code);
      if (isReact) await writeFile(name, `'use client';${stripped}`);
    }
  },
});
