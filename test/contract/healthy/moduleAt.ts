/** Says of which module a line of an esbuild bundle is, by the comment that esbuild puts before each. */
export function moduleAt(script: string): (line: number) => string {
  const modules: string[] = [];
  let current = 'the test';
  for (const text of script.split('\n')) {
    current = /^\s*\/\/ ([\w@./+-]+\.(?:tsx?|m?js|cjs))$/.exec(text)?.[1] ?? current;
    modules.push(current);
  }
  return (line) => modules[line - 1] ?? 'the test';
}

export const isOfLibrary = (module: string): boolean => module.startsWith('packages/clerk-convex-resilience/src/');
