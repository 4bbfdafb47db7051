import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

afterAll(removeTrees);

const issuer = 'https://happy-hippo-1.clerk.accounts.dev';
const env = `CLERK_JWT_ISSUER_DOMAIN=${issuer}\n`;
const config = (before: string, domain = 'issuer') =>
  `${before}\nexport default { providers: [{ domain: ${domain}, applicationID: 'convex' }] };`;

/** Domain and variables of each provider; or why they are not known. */
async function outcome(tree: Tree) {
  const root = await writeTree({ 'package.json': { name: 'app' }, '.env': env, ...tree });
  const evidence = (await gatherProjects({ root, processEnv: {} }))[0]?.authConfig;
  if (evidence?.status !== 'read') return evidence?.status === 'unreadable' ? evidence.reason : evidence?.status;
  return evidence.providers.map(({ domain, domainEnv }) => [domain, domainEnv.join(' ')]);
}
const own = [[issuer, 'CLERK_JWT_ISSUER_DOMAIN']];
const variable = 'process.env.CLERK_JWT_ISSUER_DOMAIN!';

describe('auth.config.ts and the files that it imports', () => {
  it.each<[string, string, Tree]>([
    [
      'an object',
      config("import { env } from './env';", 'env.CLERK_JWT_ISSUER_DOMAIN'),
      { 'convex/env.ts': `export const env = { CLERK_JWT_ISSUER_DOMAIN: ${variable}, OTHER: compute() };` },
    ],
    [
      'a constant',
      config("import { issuer } from './env';"),
      { 'convex/env.ts': `export const issuer = ${variable};` },
    ],
    [
      'a constant under another name',
      config("import { a as issuer } from './env.js';"),
      { 'convex/env.ts': `const b = ${variable};\nexport { b as a };` },
    ],
    ['a default export', config("import issuer from './env';"), { 'convex/env.ts': `export default ${variable};` }],
    [
      'a namespace',
      config("import * as env from './env';", 'env.issuer'),
      { 'convex/env.ts': `export const issuer = ${variable};\nexport const other = compute();` },
    ],
    [
      'a function',
      config("import { need } from './lib/need';", "need('CLERK_JWT_ISSUER_DOMAIN')"),
      { 'convex/lib/need.ts': 'export function need(name: string) { return process.env[name]!; }' },
    ],
    [
      'two files further',
      config("import { issuer } from './a';"),
      {
        'convex/a.ts': "export * from './b';",
        'convex/b/index.ts': "export { own as issuer } from '../../shared/c';",
        'shared/c.ts': `export const { CLERK_JWT_ISSUER_DOMAIN: own } = process.env;`,
      },
    ],
    [
      'through a path of tsconfig.json',
      config("import { issuer } from '@shared/env';"),
      {
        'tsconfig.json': { compilerOptions: { paths: { '@shared/*': ['./shared/*'] } } },
        'shared/env.ts': `export const issuer = ${variable};`,
      },
    ],
    ['the whole of it', "export { default } from './auth';", { 'convex/auth.ts': config('', variable) }],
    [
      'a list of providers',
      "import { providers } from './providers';\nexport default { providers };",
      { 'convex/providers.ts': `export const providers = [{ domain: ${variable}, applicationID: 'convex' }];` },
    ],
  ])('takes %s from another file', async (_, text, tree) => {
    expect(await outcome({ 'convex/auth.config.ts': text, ...tree })).toEqual(own);
  });

  it.each<[string, string, Tree, string]>([
    [
      'what another file does',
      config("import { issuer } from './env';"),
      { 'convex/env.ts': '\nexport const issuer = compute();' },
      'a call of compute() in line 2 of convex/env.ts',
    ],
    [
      'what it does not export',
      config("import { issuer } from './env';"),
      { 'convex/env.ts': 'export const other = 1;' },
      'no export issuer in line 1 of convex/env.ts',
    ],
    [
      'a package',
      config("import { issuer } from 'somewhere';"),
      {},
      'the name issuer, which this file does not define in line 2',
    ],
    [
      'a circle',
      config("import { issuer } from './a';"),
      { 'convex/a.ts': "export * from './b';", 'convex/b.ts': "export * from './a';" },
      'more than can be worked through in line 1 of convex/b.ts',
    ],
  ])('says why it cannot read %s', async (_, text, tree, reason) => {
    expect(await outcome({ 'convex/auth.config.ts': text, ...tree })).toBe(reason);
  });

  it('reads nothing outside of the project', async () => {
    const tree = { 'convex/auth.config.ts': config("import { issuer } from '../../../etc/passwd';") };
    expect(await outcome(tree)).toBe('the name issuer, which this file does not define in line 2');
  });
});

describe('a provider that is not known', () => {
  const list = (...providers: readonly string[]) => ({
    'convex/auth.config.ts': `export default { providers: [${providers.join(', ')}] };`,
  });
  const clerk = `{ domain: ${variable}, applicationID: 'convex' }`;
  const other = `{ type: 'customJwt', issuer: await read(), algorithm: 'RS256' }`;

  it('hides no other', async () => {
    expect(await outcome(list(other, clerk))).toEqual(own);
    expect(await outcome(list(clerk, 'more()'))).toEqual(own);
  });
  it('is one that is known, where only what nobody asks for is not', async () => {
    const jwt = "{ type: 'customJwt', issuer: 'https://a.example', jwks: 'data:text/plain;base64,' + btoa(keys) }";
    expect(await outcome(list(jwt, clerk))).toEqual([['https://a.example', ''], ...own]);
  });
  it('may be Clerk’s, where none of the others is', async () => {
    expect(await outcome(list(other))).toBe('an await in line 1');
    expect(await outcome(list(other, "{ domain: 'https://a.auth0.com', applicationID: 'web' }"))).toBe(
      'an await in line 1',
    );
  });
});

describe('what the deployment knows and nobody here does', () => {
  it('is never NODE_ENV, which the bundler makes production', async () => {
    const text = config('', `process.env.NODE_ENV === 'production' ? ${variable} : 'https://b.clerk.accounts.dev'`);
    expect(await outcome({ 'convex/auth.config.ts': text, '.env': `${env}NODE_ENV=development\n` })).toEqual(own);
  });
  it('leaves open whether what stands behind || is taken', async () => {
    const text = config('', "process.env.NOT_HERE || 'https://clerk.dev'");
    expect(await outcome({ 'convex/auth.config.ts': text })).toEqual([[undefined, 'NOT_HERE']]);
  });
});
