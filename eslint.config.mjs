import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

// Biome lints and formats everything. ESLint does the three things that Biome cannot: hooks, promises (typed), and the
// two rules of the house: a floor imports only the floors below it, and a global has one owner.
const src = 'packages/clerk-convex-resilience/src';
const tests = ['**/*.test.ts', '**/*.test.tsx', '**/*.test-d.ts'];

/** Forbids imports by a pattern on the module specifier, with the reason. */
const forbid = (...rules) => ({
  'no-restricted-imports': ['error', { patterns: rules.map(([regex, message]) => ({ regex, message })) }],
});
const noClerk = ['^@clerk/', 'Only react/bindings may import a Clerk package; everything else takes it structurally.'];
const noReact = ['^(react|react-dom)(/|$)', 'This floor has no framework.'];
const noConvex = ['^convex(/|$)', 'This floor knows nothing of Convex.'];
const noEmulators = ['^clerk-convex-emulators', 'The library never imports the emulators.'];
const up = (...floors) => [`^\\.\\./(${floors.join('|')})/`, 'A floor imports only the floors below it.'];

const timers = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'queueMicrotask', 'performance'].map(
  (name) => ({ name, message: 'Only core/clock.ts names it: take a Clock.' }),
);
const world = ['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'BroadcastChannel', 'self'].map(
  (name) => ({ name, message: 'Only core/connectivity.ts names it: take a Connectivity.' }),
);
const clockCalls = [
  { object: 'Date', property: 'now', message: 'Only core/clock.ts: take a Clock.' },
  { object: 'Math', property: 'random', message: 'Only core/clock.ts: take a Clock.' },
];
const owned = [...timers, ...world].map(({ name, message }) => ({ object: 'globalThis', property: name, message }));

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'coverage/**', '.cache/**', '**/_generated/**', 'scripts/*.mjs', '*.mjs'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.base],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  { files: ['**/*.{ts,tsx}'], ...hooks.configs.flat.recommended },
  {
    files: [`${src}/**/*.{ts,tsx}`],
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...timers, ...world],
      'no-restricted-properties': ['error', ...clockCalls, ...owned],
    },
  },
  {
    files: [`${src}/core/clock.ts`],
    rules: {
      'no-restricted-globals': ['error', ...world],
      'no-restricted-properties': 'off', // it is the owner
    },
  },
  {
    files: [`${src}/core/connectivity.ts`],
    rules: {
      'no-restricted-globals': ['error', ...timers],
      'no-restricted-properties': ['error', ...clockCalls], // it is the owner of the rest
    },
  },
  {
    files: [`${src}/core/**/*.ts`],
    ignores: tests,
    rules: forbid(noClerk, noReact, noConvex, noEmulators, ['^\\.\\./', 'The core is the ground floor.']),
  },
  {
    files: [`${src}/config/**/*.ts`],
    ignores: tests,
    rules: forbid(noClerk, noReact, noConvex, noEmulators, up('react', 'server', 'diagnosis')),
  },
  {
    files: [`${src}/react/*.{ts,tsx}`],
    ignores: tests,
    rules: forbid(noClerk, noEmulators, up('server'), ['bindings/', 'A binding stands on top.']),
  },
  {
    files: [`${src}/react/bindings/*.{ts,tsx}`],
    ignores: tests,
    rules: forbid(noEmulators, up('server')),
  },
  {
    files: ['packages/clerk-convex-emulators/src/**/*.ts'],
    rules: forbid(['^clerk-convex-resilience', 'The emulators are an independent witness: they never import the library.']),
  },
);
