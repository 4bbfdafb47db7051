import type { Framework } from 'clerk-convex-resilience/diagnosis';

/**
 * The env files that a framework reads, the one that counts most first.
 *
 * - Next.js 15 and 16 (@next/env): `.env.MODE.local`, `.env.local`, `.env.MODE`, `.env`. Expo's @expo/env has taken this over.
 * - Vite 5 to 7 (`loadEnv`), and TanStack Start on it: `.env.MODE.local`, `.env.MODE`, `.env.local`, `.env`.
 * - Elsewhere as Create React App 5, Plasmo and most bundlers have it, which is Next.js's order too. `npx convex dev` reads
 *   `.env.local` and `.env`.
 *
 * In all of them a variable of the process counts more than any file.
 */
export function envFileNames(framework: Framework, mode: 'development' | 'production'): readonly string[] {
  switch (framework) {
    case 'next':
    case 'expo':
    case 'plain':
      return [`.env.${mode}.local`, '.env.local', `.env.${mode}`, '.env'];
    case 'vite':
    case 'tanstack-start':
      return [`.env.${mode}.local`, `.env.${mode}`, '.env.local', '.env'];
    default:
      return framework satisfies never;
  }
}

/** The frameworks that put other variables into a value: `VITE_URL=$CONVEX_URL`. */
export const expands = (framework: Framework): boolean => framework !== 'plain';

/** `$NAME`, `${NAME}` and `${NAME:-otherwise}`, as dotenv-expand has it; `\$` is a dollar. */
export function expandValue(value: string, lookUp: (name: string) => string | undefined, depth = 0): string {
  if (!value.includes('$') || depth > 5) return value;
  return value
    .replace(
      /(\\?)\$(?:\{([A-Za-z_]\w*)(?::?-([^{}]*))?\}|([A-Za-z_]\w*))/g,
      (all, backslash, braced, otherwise, bare) => {
        if (backslash) return all;
        const found = lookUp(braced ?? bare);
        return found ? expandValue(found, lookUp, depth + 1).slice(0, 10_000) : (otherwise ?? '');
      },
    )
    .slice(0, 100_000)
    .replace(/\\\$/g, '$');
}
