import { defineConfig } from 'eslint/config';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

// Biome lints and formats everything, and Oxlint looks for promises that are not waited for, which takes types
// (.oxlintrc.json). ESLint does what is left: hooks, and the two rules of the house: a floor imports only the floors below
// it, and a global has one owner. test/lint/floors.test.ts proves each of them on a forbidden line.
const src = 'packages/clerk-convex-resilience/src';
const tests = ['**/*.test.ts', '**/*.test.tsx', '**/*.test-d.ts', '**/*.property.ts'];
const hooked = ['**/*.tsx', '**/use*.ts'];

// --- Which floor may import which, and which packages it may name ---

/** Ground floor first. `below`: the floors it may import. */
const floors = {
  core: { below: [], packages: [] },
  config: { below: ['core'], packages: [] },
  diagnosis: { below: ['core', 'config'], packages: [] },
  react: { below: ['core', 'config', 'diagnosis', 'locales'], packages: ['react', 'react-dom', 'convex'] },
  server: { below: ['core', 'config'], packages: ['standardwebhooks', '@clerk/backend'] },
  testing: { below: ['core', 'react'], packages: ['react'] },
};
const packageNames = (names) => names.join('|').replaceAll('/', '\\/');

const noEmulators = ['^clerk-convex-emulators(/|$)', 'The library never imports the emulators.'];
const noSelf = ['^clerk-convex-resilience(/|$)', 'Inside the library, import the file.'];

/** Forbids imports by patterns on the module specifier, each with its reason. */
const forbid = (...rules) => ({
  'no-restricted-imports': ['error', { patterns: rules.map(([regex, message]) => ({ regex, message })) }],
});

/** Only these packages, and their subpaths. */
const onlyPackages = (names, message) =>
  names.length > 0 ? [`^(?!\\.)(?!(${packageNames(names)})(/|$))`, message] : ['^(?!\\.)', message];

/** Climbing out of a folder, from however deep, leads only to these floors. */
const onlyFloors = (names, climb = '(\\.\\./)+(?!\\.\\.)') =>
  names.length > 0
    ? [`^${climb}(?!(${names.join('|')})/)`, `A floor imports only the floors below it: ${names.join(', ')}.`]
    : [`^${climb}`, 'This is the ground floor.'];

const floorRules = Object.entries(floors).map(([floor, { below, packages }]) => ({
  files: [`${src}/${floor}/**/*.{ts,tsx}`],
  ignores: [...tests, `${src}/react/{bindings,devtools}/**`, `${src}/server/{convex,next}/**`, `${src}/diagnosis/*/**`],
  rules: forbid(
    onlyFloors(below),
    onlyPackages(
      packages,
      packages.length > 0 ? `${floor} imports only ${packages.join(', ')}.` : `${floor} imports no package.`,
    ),
    ...(floor === 'react'
      ? [
          ['(^|/)bindings/', 'A binding stands on top of react/.'],
          ['/devtools/', 'An app that does not import ./devtools has nothing of it.'],
        ]
      : []),
  ),
}));

/** The checks lie in folders of folders: what climbs no further than to diagnosis/ stays on the floor. */
const diagnosisRules = [2, 3, 4].map((depth) => ({
  files: [`${src}/diagnosis/${'*/'.repeat(depth - 1)}*.ts`],
  ignores: tests,
  rules: forbid(
    onlyFloors(floors.diagnosis.below, `(\\.\\./){${depth},}(?!\\.\\.)`),
    onlyPackages(floors.diagnosis.packages, 'diagnosis imports no package.'),
  ),
}));

/** The panel stands on top of react/, as an app does. */
const devtoolsRules = {
  files: [`${src}/react/devtools/**/*.{ts,tsx}`],
  ignores: tests,
  rules: forbid(
    onlyFloors(floors.react.below, '\\.\\./\\.\\./'),
    onlyPackages(floors.react.packages, 'react imports only react, react-dom, convex.'),
    ['(^|/)bindings/', 'A binding stands on top of react/.'],
  ),
};

/** No other entry has anything of Next.js. */
const ofNextAlone = [
  '(^|/)(bindings/)?next/',
  'Only next.ts, next.client.ts and nextjs.tsx import react/bindings/next.',
];

/** Each binding names the one Clerk package that it is called after. */
const bindingRules = ['clerk-react', 'react', 'nextjs'].map((binding) => ({
  files: [`${src}/react/bindings/${binding}.{ts,tsx}`],
  rules: forbid(
    onlyFloors(floors.react.below, '\\.\\./\\.\\./'),
    onlyPackages(
      [...floors.react.packages, `@clerk/${binding}`],
      `This binding names no Clerk package but @clerk/${binding}.`,
    ),
    ...(binding === 'nextjs' ? [] : [ofNextAlone]),
  ),
}));

/** What a layout of Next.js renders: on top of react/, and of no server. */
const nextBindingRules = {
  files: [`${src}/react/bindings/next/**/*.{ts,tsx}`],
  ignores: tests,
  rules: forbid(
    // One step to another binding, two to react/, three to a floor below it or to the entry of the client part.
    ['^\\.\\./(?!\\.\\./|nextjs\\.tsx$)', 'Of the bindings, only nextjs.tsx.'],
    onlyFloors(floors.react.below, '\\.\\./\\.\\./\\.\\./(?!next\\.client\\.ts$)'),
    onlyPackages(floors.react.packages, 'What a layout renders takes Clerk from nextjs.tsx.'),
  ),
};

/** A locale is data: it imports the type that it is of, and nothing that runs. */
const localeRules = {
  files: [`${src}/locales/**/*.ts`],
  ignores: tests,
  rules: {
    ...forbid(['^(?!\\./messages\\.ts$)', 'A locale imports ./messages.ts alone.']),
    '@typescript-eslint/consistent-type-imports': 'error',
  },
};

/** What runs in an app's convex/ folder: a server that knows Convex, and nothing of its clients. */
const convexRules = {
  files: [`${src}/server/convex/**/*.ts`],
  ignores: [...tests, `${src}/server/convex/testApp.ts`],
  rules: forbid(
    onlyFloors(floors.server.below, '\\.\\./\\.\\./'),
    onlyPackages(
      [...floors.server.packages, 'convex/server', 'convex/values'],
      'server/convex imports only convex/server and convex/values besides what server may.',
    ),
  ),
};

/** Next.js's middleware and what runs on its server. What only a reader needs of findings and locales is loaded when there is one. */
const nextRules = {
  files: [`${src}/server/next/**/*.ts`],
  ignores: [...tests, `${src}/server/next/testClerk.ts`],
  rules: {
    ...forbid(
      onlyFloors([...floors.server.below, 'diagnosis', 'locales'], '\\.\\./\\.\\./'),
      onlyPackages(
        ['next/server', 'convex', '@clerk/nextjs'],
        'server/next imports only next/server, convex and @clerk/nextjs, each for its types.',
      ),
    ),
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^(@clerk/|next/|convex)|/locales/|/diagnosis/(?!redact\\.ts$)',
            allowTypeImports: true,
            message: 'Only its types: what runs of it is loaded when it is needed.',
          },
        ],
      },
    ],
  },
};

/** A server takes Clerk's types, and nothing of Clerk that runs. */
const serverRules = {
  files: [`${src}/server/**/*.ts`],
  ignores: [...tests, `${src}/server/next/**`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: [{ regex: '^@clerk/', allowTypeImports: true, message: "Only Clerk's types." }] },
    ],
  },
};

/** What an entry of the package may reach. */
const entryRules = [
  { files: [`${src}/core.ts`], rules: forbid(['^(?!\\./core/)', 'The entry ./core is the core alone.']) },
  {
    files: [`${src}/diagnosis.ts`],
    rules: forbid([
      '^(?!\\./(core|config|diagnosis)/)',
      'The entry ./diagnosis is pure: nothing of React, of a server or of files.',
    ]),
  },
  {
    files: [`${src}/webhooks.ts`],
    rules: forbid(['^(?!\\./(core|server/webhooks)/)', 'The entry ./webhooks runs on servers: nothing of React.']),
  },
  {
    files: [`${src}/convex.ts`],
    rules: forbid(['^(?!\\./(core|server)/)', 'The entry ./convex runs in Convex: nothing of React.']),
  },
  {
    files: [`${src}/next.ts`],
    rules: forbid([
      '^(?!\\./(core|locales|server/next|react/bindings/next)/)',
      'The entry ./next runs on servers: of React, only what a layout renders.',
    ]),
  },
  {
    files: ['clerk-react', 'react', 'devtools', 'testing'].map((entry) => `${src}/${entry}.ts`),
    rules: forbid(ofNextAlone, noEmulators, noSelf),
  },
  {
    files: [`${src}/index.ts`, `${src}/public.ts`],
    rules: forbid(
      ['bindings/', 'The entry . names nothing of Clerk.'],
      ['^@clerk/', 'The entry . names nothing of Clerk.'],
      ['devtools/', 'An app that does not import ./devtools has nothing of it.'],
      noEmulators,
      noSelf,
    ),
  },
];

/** The doctor is a program on top of the library: it takes what is public of it, and nothing that needs a page. */
const doctorRules = {
  files: ['packages/clerk-convex-doctor/src/**/*.ts'],
  ignores: tests,
  rules: forbid(
    [
      '^clerk-convex-resilience(?!/(diagnosis|core)$)',
      'The doctor imports clerk-convex-resilience/diagnosis and /core alone.',
    ],
    ['^(\\.\\./)+clerk-convex-', 'Of another package, import what it exports.'],
    ['^clerk-convex-emulators(/|$)', 'Only tests of the doctor import the emulators.'],
  ),
};

// --- Who owns which global ---

const restricted = (names, message) => names.map((name) => ({ name, message }));
const timers = restricted(
  [
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
    'requestAnimationFrame',
    'requestIdleCallback',
    'performance',
  ],
  'Only core/clock.ts names it: take a Clock.',
);
const world = restricted(
  [
    'window',
    'document',
    'navigator',
    'location',
    'localStorage',
    'sessionStorage',
    'indexedDB',
    'BroadcastChannel',
    'self',
  ],
  'Only core/connectivity.ts names it: take a Connectivity.',
);
const onGlobalThis = (list) => list.map(({ name, message }) => ({ object: 'globalThis', property: name, message }));
const clockCalls = [
  ['Date', 'now'],
  ['Math', 'random'],
  ['AbortSignal', 'timeout'],
].map(([object, property]) => ({ object, property, message: 'Only core/clock.ts names it: take a Clock.' }));
const newDate = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'It reads the clock: take a Clock.',
};

/** Forbids what one file owns to every other. */
const owners = ({ clock, connectivity }) => ({
  'no-restricted-globals': ['error', ...(clock ? [] : timers), ...(connectivity ? [] : world)],
  'no-restricted-properties': [
    'error',
    ...(clock ? [] : [...clockCalls, ...onGlobalThis(timers)]),
    ...(connectivity ? [] : onGlobalThis(world)),
  ],
  'no-restricted-syntax': clock ? 'off' : ['error', newDate],
});

export default defineConfig(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'coverage/**',
      '.cache/**',
      '**/_generated/**',
      '**/.next/**',
      '**/next-env.d.ts',
      'test/next/plain/**',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.base],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { '@typescript-eslint/no-explicit-any': 'error' },
  },
  // Where components and hooks are: React's compiler, which these rules run, reads no other file for nothing.
  { files: hooked, ...hooks.configs.flat.recommended },
  {
    files: hooked,
    // It also refuses a callback that reads a ref when called later, if render hands it to a function that is not a hook
    // (eslint-plugin-react-hooks 7.1.1), which is how a runtime created once sees the newest props.
    rules: { 'react-hooks/refs': 'off' },
  },
  { files: tests, rules: { 'react-hooks/immutability': 'off' } }, // a test counts renders from inside one
  { files: [`${src}/**/*.{ts,tsx}`], ignores: tests, rules: { ...owners({}), ...forbid(noEmulators, noSelf) } },
  { files: [`${src}/core/clock.ts`], rules: owners({ clock: true }) },
  { files: [`${src}/core/connectivity.ts`], rules: owners({ connectivity: true }) },
  // What the panel alone needs of a page would end up in every app's bundle if it stood in connectivity.ts.
  { files: [`${src}/react/devtools/devtoolsPage.ts`], rules: owners({ connectivity: true }) },
  floorRules,
  diagnosisRules,
  bindingRules,
  nextBindingRules,
  devtoolsRules,
  localeRules,
  serverRules,
  convexRules,
  nextRules,
  entryRules,
  doctorRules,
  {
    files: ['packages/clerk-convex-emulators/src/**/*.ts'],
    rules: forbid([
      '^clerk-convex-resilience(/|$)',
      'The emulators are an independent witness: they never import the library.',
    ]),
  },
);
