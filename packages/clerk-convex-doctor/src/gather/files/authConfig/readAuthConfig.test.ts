import { describe, expect, it } from 'vitest';
import { readAuthConfig } from './readAuthConfig.ts';

const issuer = 'https://happy-hippo-1.clerk.accounts.dev';
const env = { CLERK_JWT_ISSUER_DOMAIN: issuer, NODE_ENV: 'production', EMPTY: '' };
const read = (text: string, isDeployment = true) =>
  readAuthConfig({ text, file: 'convex/auth.config.ts', env, isDeployment });
/** Domain, its variables and the applicationID of the first provider; or the reason. */
const outcome = (text: string, isDeployment?: boolean) => {
  const evidence = read(text, isDeployment);
  if (evidence.status !== 'read') return evidence.status === 'unreadable' ? evidence.reason : evidence.status;
  return evidence.providers.map(({ domain, domainEnv, applicationID }) => [domain, domainEnv.join(' '), applicationID]);
};
const one = (domain: string, before = '') =>
  `${before}\nexport default { providers: [{ domain: ${domain}, applicationID: 'convex' }] };`;

const own = [[issuer, 'CLERK_JWT_ISSUER_DOMAIN', 'convex']];
const variable = 'process.env.CLERK_JWT_ISSUER_DOMAIN';

describe('readAuthConfig', () => {
  it.each([
    ['a text', one(`'${issuer}'`), [[issuer, '', 'convex']]],
    ['a template', one(`\`https://\${'happy-hippo-1'}.clerk.accounts.dev\``), [[issuer, '', 'convex']]],
    ['a concatenation', one(`'https://' + 'happy-hippo-1' + '.clerk.accounts.dev'`), [[issuer, '', 'convex']]],
    ['a variable', one(variable), own],
    ['a variable with !', one(`${variable}!`), own],
    ['a variable in brackets', one(`process.env['CLERK_JWT_ISSUER_DOMAIN'] as string`), own],
    ['a variable by a template', one('process.env[`CLERK_JWT_ISSUER_DOMAIN`]'), own],
    ['a variable of globalThis', one('globalThis.process.env.CLERK_JWT_ISSUER_DOMAIN'), own],
    ['a variable after ?.', one('process.env?.CLERK_JWT_ISSUER_DOMAIN'), own],
    ['a variable in parentheses', one(`((${variable}))`), own],
    ['an angle cast', one(`<string>${variable}`), own],
    ['a variable in a template', one(`\`\${${variable}}/\``), [[`${issuer}/`, 'CLERK_JWT_ISSUER_DOMAIN', 'convex']]],
    [
      'two variables, by ||',
      one(`process.env.CLERK_FRONTEND_API_URL || ${variable}`),
      [[issuer, 'CLERK_FRONTEND_API_URL CLERK_JWT_ISSUER_DOMAIN', 'convex']],
    ],
    [
      'two variables, the first is set',
      one(`${variable} ?? process.env.CLERK_FRONTEND_API_URL`),
      [[issuer, 'CLERK_JWT_ISSUER_DOMAIN CLERK_FRONTEND_API_URL', 'convex']],
    ],
    ['an empty variable, by ||', one(`process.env.EMPTY || '${issuer}'`), [[issuer, 'EMPTY', 'convex']]],
    ['an empty variable, by ??', one(`process.env.EMPTY ?? '${issuer}'`), [['', 'EMPTY', 'convex']]],
    ['a variable that is not set', one('process.env.NOT_SET'), [[undefined, 'NOT_SET', 'convex']]],
    [
      'a template of one that is not set',
      one('`https://$' + '{process.env.NOT_SET}`'),
      [[undefined, 'NOT_SET', 'convex']],
    ],
    ['a name of every object', one('process.env.constructor'), [[undefined, 'constructor', 'convex']]],
    ['a constant', one('issuer', `const issuer = ${variable};`), own],
    ['a constant below its use', `${one('issuer')}\nconst issuer = ${variable};`, own],
    ['a constant that is exported', one('issuer', `export const issuer = ${variable};`), own],
    ['a let that nobody changes', one('issuer', `let issuer = ${variable};`), own],
    [
      'shorthand',
      `const domain = ${variable};\nexport default { providers: [{ domain, applicationID: 'convex' }] };`,
      own,
    ],
    ['parts of process.env', one('CLERK_JWT_ISSUER_DOMAIN!', 'const { CLERK_JWT_ISSUER_DOMAIN } = process.env;'), own],
    ['a part with a name of its own', one('issuer', 'const { CLERK_JWT_ISSUER_DOMAIN: issuer } = process.env;'), own],
    ['a part with a default', one('A', `const { A = '${issuer}' } = process.env;`), [[issuer, 'A', 'convex']]],
    ['an alias of process.env', one('env.CLERK_JWT_ISSUER_DOMAIN', 'const env = process.env;'), own],
    [
      'a guard that throws',
      one('issuer', `const issuer = ${variable};\nif (!issuer) throw new Error('missing');`),
      own,
    ],
    [
      'a small function',
      one(`need('CLERK_JWT_ISSUER_DOMAIN')`, 'const need = (name: string) => process.env[name]!;'),
      own,
    ],
    [
      'a function with a guard',
      one(
        `need('CLERK_JWT_ISSUER_DOMAIN')`,
        'function need(name: string) { const value = process.env[name]; if (!value) { throw new Error(name); } return value; }',
      ),
      own,
    ],
    ['a condition', one(`process.env.NODE_ENV === 'production' ? ${variable} : 'http://localhost'`), own],
    ['a condition that is negated', one(`!process.env.EMPTY ? ${variable} : ''`), own],
    ['trim()', one(`${variable}.trim()`), own],
    ['a slash taken off', one(String.raw`(process.env.CLERK_JWT_ISSUER_DOMAIN + '/').replace(/\/$/, '')`), own],
    [
      'a spread object',
      `const base = { applicationID: 'convex' };\nexport default { providers: [{ ...base, domain: ${variable} }] };`,
      own,
    ],
    [
      'a spread list',
      `const list = [{ domain: ${variable}, applicationID: 'convex' }];\nexport default { providers: [...list] };`,
      own,
    ],
    [
      'a list without what is off',
      `export default { providers: [process.env.EMPTY && { domain: 'x' }, { domain: ${variable}, applicationID: 'convex' }].filter(Boolean) };`,
      own,
    ],
    [
      'satisfies',
      `import type { AuthConfig } from 'convex/server';\nexport default { providers: [{ domain: ${variable}, applicationID: 'convex' }] } satisfies AuthConfig;`,
      own,
    ],
    ['as const', `export default { providers: [{ domain: ${variable}, applicationID: 'convex' }] } as const;`, own],
    [
      'a named config',
      `const config: AuthConfig = { providers: [{ domain: ${variable}, applicationID: 'convex' }] };\nexport default config;`,
      own,
    ],
    [
      'export as default',
      `const config = { providers: [{ domain: ${variable}, applicationID: 'convex' }] };\nexport { config as default };`,
      own,
    ],
    ['module.exports', `module.exports = { providers: [{ domain: ${variable}, applicationID: 'convex' }] };`, own],
    [
      'a wrapper',
      `import { defineAuthConfig } from 'x';\nexport default defineAuthConfig({ providers: [{ domain: ${variable}, applicationID: 'convex' }] });`,
      own,
    ],
    [
      'keys in quotes',
      `export default { 'providers': [{ "domain": ${variable}, ['applicationID']: 'convex' }] };`,
      own,
    ],
    [
      'no applicationID',
      `export default { providers: [{ domain: ${variable} }] };`,
      [[issuer, 'CLERK_JWT_ISSUER_DOMAIN', undefined]],
    ],
    ['no providers in the list', 'export default { providers: [] };', []],
    [
      'a customJwt',
      `export default { providers: [{ type: 'customJwt', issuer: ${variable}, jwks: 'x', algorithm: 'RS256' }] };`,
      [[issuer, 'CLERK_JWT_ISSUER_DOMAIN', undefined]],
    ],
  ])('reads %s', (_, text, expected) => {
    expect(outcome(text)).toEqual(expected);
  });

  it.each([
    ['nothing', '', 'no default export in line 1'],
    ['a syntax error', 'export default { providers: [', 'it has a syntax error in line 1'],
    [
      'an import',
      one('issuer', `import { issuer } from './env';`),
      'the name issuer, which this file does not define in line 2',
    ],
    ['a call', one('fetchIssuer()'), 'a call of fetchIssuer() in line 2'],
    ['an await', one(`await read()`), 'an await in line 2'],
    ['a class', one('new URL("https://a.example").origin'), 'a new object of a class in line 2'],
    [
      'a name that is changed',
      one('issuer', `let issuer = 'a';\nissuer = 'b';`),
      'issuer, which is changed later, in line 1',
    ],
    [
      'a list that grows',
      `const providers = [];\nproviders.push({ domain: 'x' });\nexport default { providers };`,
      'providers, which is changed later, in line 1',
    ],
    [
      'an object that is assigned to',
      `const c = { providers: [] };\nObject.assign(c, more);\nexport default c;`,
      'c, which is changed later, in line 1',
    ],
    ['a circle', one('a', 'const a = b;\nconst b = a;'), 'a, which is made from itself, in line 1'],
    ['endless recursion', one('f()', 'const f = () => f();'), 'an expression that is nested too deeply in line 1'],
    ['a map', `export default { providers: ['a'].map((domain) => ({ domain })) };`, 'a call of .map() in line 1'],
    [
      'a function',
      'export default function config() { return {}; }',
      'a default export that is a function or a class in line 1',
    ],
    ['a re-export', `export { default } from './auth';`, 'a default export of another file in line 1'],
    ['no providers', 'export default {};', 'no `providers` in line 1'],
    ['providers that are no list', 'export default { providers: {} };', '`providers` that are no list in line 1'],
    ['a number as domain', one('42'), '`domain` that is no text in line 2'],
    ['a pattern of its own', one(`'a'.replace(/(a+)+$/, '')`), 'a call of .replace() in line 2'],
    ['eval', one(`eval('process.exit(3)')`), 'a call of eval() in line 2'],
    ['a require', one(`require('./env').issuer`), 'a call of require() in line 2'],
    ['a getter', `export default { get providers() { process.exit(3); } };`, 'a method of an object in line 1'],
    ['import.meta', one('import.meta.env.VITE_X'), 'import.meta in line 2'],
    ['a tagged template', one('String.raw`x`'), 'a tagged template in line 2'],
    ['a terminal sequence in a name', one('\\u{1b31}()'), 'a call of ?() in line 2'],
  ])('says why it cannot read %s', (_, text, reason) => {
    expect(outcome(text)).toBe(reason);
  });

  it('does not guess which way a condition goes while nobody knows the deployment', () => {
    const text = one(`process.env.NOT_SET ? 'https://a.example' : 'https://b.example'`);
    expect(outcome(text, true)).toEqual([['https://b.example', '', 'convex']]);
    expect(outcome(text, false)).toBe('a condition on NOT_SET, which is not known here, in line 2');
  });

  it('runs nothing of the file', () => {
    read(`globalThis.wasRun = true;\n(() => { globalThis.wasRun = true; })();\n${one(variable)}`);
    expect(globalThis).not.toHaveProperty('wasRun');
  });

  it('says where each provider is', () => {
    const text = `export default {\n  providers: [\n    { domain: 'a' },\n    {\n      domain: 'b',\n    },\n  ],\n};`;
    const evidence = read(text);
    expect(evidence.status === 'read' && evidence.providers.map(({ at }) => at)).toEqual([
      'convex/auth.config.ts:3',
      'convex/auth.config.ts:4',
    ]);
  });

  it.each([
    ['parentheses', `export default ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
    ['lists', `export default ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['additions', `export default { providers: [{ domain: ${"'a' + ".repeat(20_000)}'a' }] }`],
    [
      'a doubling text',
      `${Array.from({ length: 60 }, (_, i) => `const a${i + 1} = a${i} + a${i};`).join('\n')}\nconst a0 = 'aaaaaaaaaaaaaaaaaaaaaaaa';\n${one('a60')}`,
    ],
    [
      'a doubling list',
      `${Array.from({ length: 60 }, (_, i) => `const a${i + 1} = [...a${i}, ...a${i}];`).join('\n')}\nconst a0 = [1];\nexport default { providers: a60 };`,
    ],
    [
      'functions that double',
      `${Array.from({ length: 60 }, (_, i) => `const f${i + 1} = () => f${i}() + f${i}();`).join('\n')}\nconst f0 = () => 'a';\n${one('f60()')}`,
    ],
    ['type arguments that do not end', `export default ${'f<T>('.repeat(16)}`],
    ['functions that do not end', `export default ${'async <T>(a = '.repeat(16)}`],
    ['null bytes', 'export default \0\0\0'],
    ['a lone surrogate', 'export default { providers: [{ domain: "\\ud800" }] }'],
  ])('is not kept busy by %s', (_, text) => {
    const began = performance.now();
    expect(['read', 'unreadable']).toContain(read(text).status);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

it.each<[string, string, true | undefined]>([
  ['a syntax error', 'export default { providers: [', true],
  ['no default export', 'export const config = { providers: [] };', true],
  ['another name for the list', 'export default { provider: [] };', true],
  ['what only a run can tell', 'export default { providers: make() };', undefined],
  ['a default export of a package', "export { default } from 'elsewhere';", undefined],
])('tells what Convex cannot read either from what only the doctor cannot: %s', (_, text, isBroken) => {
  const read = readAuthConfig({ text, file: 'convex/auth.config.ts', env: {}, isDeployment: false });
  expect(read).toMatchObject({ status: 'unreadable' });
  expect('isBroken' in read ? read.isBroken : undefined).toBe(isBroken);
});
