import type { ProviderUse } from 'clerk-convex-resilience/diagnosis';
import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

afterAll(removeTrees);

const gather = async (tree: Tree) => {
  const root = await writeTree({ 'package.json': { devDependencies: { vite: '7' } }, ...tree });
  const [project] = await gatherProjects({ root, processEnv: {} });
  if (!project) throw new Error('no app');
  return project;
};
const providers = async (main: string, more: Tree = {}) =>
  (await gather({ 'src/main.tsx': main, ...more })).source.providers;

const clerk = `import { ClerkProvider, useAuth } from '@clerk/react';`;
const convex = `import { ConvexProviderWithClerk } from 'convex/react-clerk';`;
const right = '<ClerkProvider><ConvexProviderWithClerk useAuth={useAuth} /></ClerkProvider>';
const wrong =
  '<ConvexProviderWithClerk useAuth={useAuth}><ClerkProvider><App /></ClerkProvider></ConvexProviderWithClerk>';

type Outcome = readonly [string | undefined, string | undefined, boolean];
const outcome = ({ useAuthFrom, clerkProviderFrom, isOutsideClerk }: ProviderUse): Outcome => [
  useAuthFrom,
  clerkProviderFrom,
  isOutsideClerk,
];

describe('providersIn', () => {
  it.each<[string, string, Outcome, Tree?]>([
    ['plain', `${clerk}${convex} export const a = ${right};`, ['@clerk/react', '@clerk/react', false]],
    ['the wrong way round', `${clerk}${convex} export const a = ${wrong};`, ['@clerk/react', '@clerk/react', true]],
    [
      'under other names',
      `import { ClerkProvider as Clerk, useAuth as useClerkAuth } from '@clerk/nextjs'; import { ConvexProviderWithClerk as Convex } from 'convex/react-clerk';
       export const a = <Clerk><Convex useAuth={useClerkAuth} /></Clerk>;`,
      ['@clerk/nextjs', '@clerk/nextjs', false],
    ],
    [
      'through namespaces',
      `import * as Clerk from '@clerk/clerk-react'; import * as Convex from 'convex/react-clerk';
       export const a = <Convex.ConvexProviderWithClerk useAuth={Clerk.useAuth}><Clerk.ClerkProvider /></Convex.ConvexProviderWithClerk>;`,
      ['@clerk/clerk-react', '@clerk/clerk-react', true],
    ],
    [
      'two packages',
      `import { ClerkProvider } from '@clerk/nextjs'; import { useAuth } from '@clerk/clerk-react'; ${convex} export const a = ${right};`,
      ['@clerk/clerk-react', '@clerk/nextjs', false],
    ],
    [
      'an alias of the hook',
      `${clerk}${convex} const useMine = useAuth; export const a = <ClerkProvider><ConvexProviderWithClerk useAuth={useMine} /></ClerkProvider>;`,
      ['@clerk/react', '@clerk/react', false],
    ],
    [
      'a hook of its own',
      `${clerk}${convex} const useMine = () => useAuth(); export const a = <ClerkProvider><ConvexProviderWithClerk useAuth={useMine} /></ClerkProvider>;`,
      [undefined, '@clerk/react', false],
    ],
    [
      'a hook that another file passes on',
      `import { useAuth } from '@/auth'; import { ClerkProvider } from '@clerk/react'; ${convex} export const a = ${right};`,
      ['@clerk/clerk-react', '@clerk/react', false],
      { 'src/auth.ts': `export { useAuth } from '@clerk/clerk-react';` },
    ],
    [
      "this library's",
      `${clerk} import { ConvexClerkProvider } from 'clerk-convex-resilience'; export const a = <ConvexClerkProvider useAuth={useAuth}><ClerkProvider /></ConvexClerkProvider>;`,
      ['@clerk/react', '@clerk/react', true],
    ],
    [
      "this library's with Clerk's own inside",
      `import { ConvexClerkProvider } from 'clerk-convex-resilience/clerk-react'; export const a = <ConvexClerkProvider />;`,
      ['@clerk/clerk-react', '@clerk/clerk-react', false],
    ],
    [
      'a component of the same file around Clerk',
      `${clerk}${convex} function Convex({ children }) { return <ConvexProviderWithClerk useAuth={useAuth}>{children}</ConvexProviderWithClerk>; }
       export const a = <Convex><ClerkProvider /></Convex>;`,
      ['@clerk/react', '@clerk/react', true],
    ],
    [
      'a component of another file around Clerk',
      `'use client'; import { useAuth } from '@clerk/nextjs'; ${convex}
       export default function Convex({ children }) { return <ConvexProviderWithClerk useAuth={useAuth}>{children}</ConvexProviderWithClerk>; }`,
      ['@clerk/nextjs', '@clerk/nextjs', true],
      {
        'src/layout.tsx': `import { ClerkProvider } from '@clerk/nextjs'; import Convex from './main'; export const a = <Convex><ClerkProvider /></Convex>;`,
      },
    ],
    [
      'a component of another file inside of Clerk',
      `'use client'; import { useAuth } from '@clerk/nextjs'; ${convex}
       export const Convex = ({ children }) => <ConvexProviderWithClerk useAuth={useAuth}>{children}</ConvexProviderWithClerk>;`,
      ['@clerk/nextjs', '@clerk/nextjs', false],
      {
        'src/layout.tsx': `import { ClerkProvider } from '@clerk/nextjs'; import { Convex } from '@/main'; export const a = <ClerkProvider><Convex /></ClerkProvider>;`,
      },
    ],
  ])('%s', async (_, main, expected, more) => {
    expect((await providers(main, more)).map(outcome)).toEqual([expected]);
  });

  it.each<[string, string, Tree?]>([
    [
      'a component of the same name from elsewhere',
      `${clerk} import { ConvexProviderWithClerk } from './mine'; export const a = ${wrong};`,
    ],
    [
      'a type',
      `${clerk} import type { ConvexProviderWithClerk } from 'convex/react-clerk'; export const a = ${wrong};`,
    ],
    ['a comment and a text', `// ${wrong}\nexport const a = \`${convex} ${wrong}\`;`],
    ['a test', 'export {};', { 'src/main.test.tsx': `${clerk}${convex} export const a = ${wrong};` }],
    ['what was built', 'export {};', { 'dist/main.jsx': `${clerk}${convex} export const a = ${wrong};` }],
  ])('does not count %s', async (_, main, more) => {
    expect(await providers(main, more)).toEqual([]);
  });
});

describe('browserEnvReads', () => {
  it.each<[string, string, string, readonly string[]]>([
    [
      'vite',
      'src/main.ts',
      'import.meta.env.VITE_A; import.meta.env["B"]; const { C } = import.meta.env; import.meta.env.MODE',
      ['B', 'C', 'VITE_A'],
    ],
    ['vite', 'vite.config.ts', 'process.env.SECRET', []],
    ['next', 'app/page.tsx', 'process.env.CLERK_SECRET_KEY; process.env.NEXT_PUBLIC_A', ['NEXT_PUBLIC_A']],
    ['next', 'app/providers.tsx', `'use client'; process.env.CONVEX_URL!`, ['CONVEX_URL']],
    ['next', 'app/api/a/route.ts', `'use client'; process.env.CONVEX_URL!`, []],
    ['expo', 'app/_layout.tsx', 'process.env.EXPO_PUBLIC_A; process.env.B', ['B', 'EXPO_PUBLIC_A']],
    ['@tanstack/react-start', 'src/router.tsx', 'import.meta.env.VITE_A; process.env.CLERK_SECRET_KEY', ['VITE_A']],
  ])('of %s in %s', async (name, file, text, expected) => {
    const project = await gather({ 'package.json': { dependencies: { [name]: '1' } }, [file]: text });
    expect(project.source.readsEnv).toEqual(expected);
  });
});

describe('functions', () => {
  const functions = async (tree: Tree) =>
    (await gather(Object.fromEntries(Object.entries(tree).map(([name, text]) => [`convex/${name}`, text])))).source;

  it('finds where the secret key is read', async () => {
    const { readsClerkSecretKey } = await functions({
      'a.ts': 'const a = 1;\nprocess.env.CLERK_SECRET_KEY;',
      'b.ts': `const { CLERK_SECRET_KEY } = process.env;`,
      'c.ts': '// process.env.CLERK_SECRET_KEY',
      'auth.config.ts': 'process.env.CLERK_SECRET_KEY',
      '_generated/api.js': 'process.env.CLERK_SECRET_KEY',
    });
    expect(readsClerkSecretKey).toEqual(['convex/a.ts:2', 'convex/b.ts:1']);
  });

  it.each([
    [`ctx.db.query('users')`, true],
    [`db.insert("users", {})`, true],
    [`ctx.db.get('users', id)`, true],
    [`ctx.db.query('messages')`, false],
    [`other.query('users')`, false],
    [`import { storeUser } from 'clerk-convex-resilience/convex'; storeUser(ctx)`, true],
    [`import { storeUser } from 'clerk-convex-resilience/convex'; storeUser(ctx, { table: 'people' })`, false],
    [`import { storeUser } from './mine'; storeUser(ctx)`, false],
  ])('%s uses users: %s', async (text, uses) => {
    expect((await functions({ 'a.ts': text })).usesUsersTable).toEqual(uses ? ['convex/a.ts:1'] : []);
  });

  it.each<[string, readonly string[] | undefined]>([
    ['export default defineSchema({ a: defineTable({}), "b": defineTable({}) });', ['a', 'b']],
    ['const t = { a: 1 }; export default defineSchema({ ...t, b: 1 });', ['a', 'b']],
    ['const t = { a: 1 }; export default defineSchema(t);', ['a']],
    [
      `import { clerkWebhookTables } from 'clerk-convex-resilience/convex'; export default defineSchema({ ...clerkWebhookTables });`,
      ['clerkWebhookDeliveries', 'clerkWebhookObjects', 'clerkSessions'],
    ],
    [`import { t } from './tables'; export default defineSchema({ ...t, a: 1 });`, undefined],
    ['export default defineSchema({ [name]: 1 });', undefined],
    ['export default make();// schema', undefined],
  ])('the tables of %s', async (text, tables) => {
    expect((await functions({ 'schema.ts': text })).tables).toEqual(tables);
  });
});

describe('the order of providers that are wrapped', () => {
  const mine = `${convex} import { useAuth } from '@clerk/react';
export const MyProvider = ({ children }) => <ConvexProviderWithClerk useAuth={useAuth}>{children}</ConvexProviderWithClerk>;`;
  const auth = `import { ClerkProvider } from '@clerk/react';
export const AuthProvider = ({ children }) => <ClerkProvider>{children}</ClerkProvider>;`;
  const files = { 'src/ui/mine.tsx': mine, 'src/ui/auth.tsx': auth };
  const barrel = { ...files, 'src/ui/index.ts': "export * from './auth';\nexport * from './mine';\n" };
  const byName = {
    ...files,
    'src/ui/index.ts': "export { MyProvider } from './mine';\nexport { AuthProvider } from './auth';\n",
  };
  const wrong = '<MyProvider><AuthProvider><App /></AuthProvider></MyProvider>';
  it.each<[string, Tree, boolean]>([
    [
      'wrong, through a barrel',
      {
        ...barrel,
        'src/main.tsx': `${clerk} import { MyProvider } from './ui'; <MyProvider><ClerkProvider /></MyProvider>;`,
      },
      true,
    ],
    [
      'wrong, with a wrapper of Clerk’s',
      {
        ...files,
        'src/main.tsx': `import { MyProvider } from './ui/mine'; import { AuthProvider } from './ui/auth'; ${wrong};`,
      },
      true,
    ],
    [
      'wrong, with both through a barrel',
      { ...barrel, 'src/main.tsx': `import { AuthProvider, MyProvider } from './ui'; ${wrong};` },
      true,
    ],
    [
      'wrong, with both by their names',
      { ...byName, 'src/main.tsx': `import { AuthProvider, MyProvider } from '@/ui'; ${wrong};` },
      true,
    ],
    [
      'wrong, with a wrapper inside of the provider',
      {
        'src/auth.tsx': auth,
        'src/main.tsx': `${convex} import { useAuth } from '@clerk/react'; import { AuthProvider } from './auth'; export const a = <ConvexProviderWithClerk useAuth={useAuth}><AuthProvider /></ConvexProviderWithClerk>;`,
      },
      true,
    ],
    [
      'right, with both through a barrel',
      {
        ...barrel,
        'src/main.tsx':
          "import { AuthProvider, MyProvider } from './ui'; <AuthProvider><MyProvider><App /></MyProvider></AuthProvider>;",
      },
      false,
    ],
    [
      'right, with a second Clerk further in',
      {
        ...barrel,
        'src/main.tsx': `import { AuthProvider, MyProvider } from './ui'; <AuthProvider>${wrong}</AuthProvider>;`,
      },
      false,
    ],
    [
      'right, above a component that has it',
      {
        ...barrel,
        'src/shell.tsx': `${clerk} import { MyProvider } from './ui'; export const Shell = ({ children }) => <MyProvider><ClerkProvider>{children}</ClerkProvider></MyProvider>;`,
        'src/main.tsx':
          "import { AuthProvider } from './ui'; import { Shell } from './shell'; <AuthProvider><Shell /></AuthProvider>;",
      },
      false,
    ],
    [
      'right, below a wrapper of the wrapper',
      {
        ...barrel,
        'src/outer.tsx':
          "import { AuthProvider } from './ui'; export default function Outer({ children }) { return <AuthProvider>{children}</AuthProvider>; }",
        'src/main.tsx': `import { AuthProvider, MyProvider } from './ui'; import Outer from './outer'; <Outer>${wrong}</Outer>;`,
      },
      false,
    ],
    [
      'beside each other, which says nothing',
      {
        ...barrel,
        'src/main.tsx': "import { AuthProvider, MyProvider } from './ui'; <><MyProvider /><AuthProvider /></>;",
      },
      false,
    ],
    [
      'through a circle of barrels',
      {
        ...files,
        'src/ui/index.ts': "export * from '.';\nexport * from './mine';",
        'src/main.tsx': `${clerk} import { MyProvider } from './ui'; <MyProvider><ClerkProvider /></MyProvider>;`,
      },
      true,
    ],
  ])('is %s', async (_, tree, expected) => {
    const found = (await gather(tree)).source.providers;
    expect(found.map(({ isOutsideClerk }) => isOutsideClerk)).toEqual([expected]);
  });
});

describe('an app without ClerkProvider', () => {
  const hook = `import { useAuth } from '@clerk/react'; ${convex}`;
  const inner = '<ConvexProviderWithClerk useAuth={useAuth} />';
  it.each<[string, string, true | undefined, Tree?]>([
    ['anywhere', `${hook} export const a = ${inner};`, true],
    [
      'below elements and providers of others',
      `${hook} import { StrictMode } from 'react'; import { ThemeProvider } from 'next-themes';
       export const a = <StrictMode><ThemeProvider><div>${inner}</div></ThemeProvider></StrictMode>;`,
      true,
    ],
    [
      'above a component of its own',
      `${hook} import { Frame } from './frame'; export const A = () => ${inner}; export const b = <Frame><A /></Frame>;`,
      true,
      { 'src/frame.tsx': 'export const Frame = ({ children }) => <div>{children}</div>; // providers' },
    ],
    ['in a test alone', `${hook} export const a = ${inner};`, true, { 'src/a.test.tsx': clerk }],
    [
      'with this library',
      `import { useAuth } from '@clerk/nextjs'; import { ConvexClerkProvider } from 'clerk-convex-resilience/nextjs';
       export const a = <ConvexClerkProvider useAuth={useAuth} />;`,
      true,
    ],
    ['that another file has', `${hook} export const a = ${inner};`, undefined, { 'src/layout.tsx': clerk }],
    [
      'that a package may have',
      `${hook} import { Providers } from '@acme/auth'; export const a = <Providers>${inner}</Providers>;`,
      undefined,
    ],
    [
      'that a package may have, around a component',
      `${hook} import { Providers } from '@acme/auth'; export const A = () => ${inner}; export const b = <Providers><A /></Providers>;`,
      undefined,
    ],
    [
      'that an alias may lead to',
      `${hook} import { Providers } from '#shared/auth'; export const a = <Providers>${inner}</Providers>;`,
      undefined,
    ],
    [
      'that comes later',
      `${hook} const Clerk = lazy(() => import('@clerk/react')); export const a = ${inner};`,
      undefined,
    ],
    [
      'that Remix wraps',
      `${hook} import { ClerkApp } from '@clerk/remix'; export const a = ${inner}; export default ClerkApp(a);`,
      undefined,
    ],
    [
      'that Astro needs not',
      `import { useAuth } from '@clerk/astro/react'; ${convex} export const a = ${inner};`,
      undefined,
    ],
    [
      'that a hook of its own may need not',
      `${convex} import { useAuth } from './auth'; export const a = ${inner};`,
      undefined,
    ],
    [
      'that this library brings',
      `import { ConvexClerkProvider } from 'clerk-convex-resilience/react'; export const a = <ConvexClerkProvider />;`,
      undefined,
    ],
  ])('%s', async (_name, main, expected, more = {}) => {
    const [found, ...others] = await providers(main, more);
    expect([found?.isWithoutClerk, others]).toEqual([expected, []]);
  });
});
