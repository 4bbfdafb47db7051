/** The packages that findings are made of, and the plugin that decides how many Reacts there are; all others are only walked through. */
export const matters = (name: string): boolean => name.startsWith('@clerk/') || names.has(name);

const names = new Set([
  'react',
  'react-dom',
  'react-native',
  'convex',
  'next',
  'expo',
  'vite',
  '@vitejs/plugin-react',
  'svix',
  'standardwebhooks',
  '@tanstack/react-start',
  '@tanstack/start',
  'clerk-convex-resilience',
]);

/** Oldest first. What is no version comes last, by its text. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference =
      (left.numbers[index] ?? Number.MAX_SAFE_INTEGER) - (right.numbers[index] ?? Number.MAX_SAFE_INTEGER);
    if (difference !== 0) return difference;
  }
  if (left.tag === right.tag) return 0;
  // A version with a tag comes before the one without: 19.0.0-rc.1, 19.0.0.
  if (left.tag === '') return 1;
  if (right.tag === '') return -1;
  return left.tag < right.tag ? -1 : 1;
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly tag: string } {
  const match = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([\w.-]+))?/.exec(version);
  return { numbers: match ? match.slice(1, 4).map(Number) : [], tag: match ? (match[4] ?? '') : version };
}

/** The major of a version or of a range: 16 of `^16.0.1`. */
export const majorOf = (version: string | undefined): number | undefined => {
  const digits = version && /\d{1,6}/.exec(version)?.[0];
  return digits ? Number(digits) : undefined;
};
