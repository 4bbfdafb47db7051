import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Code that would leave a mark, or never end, if anybody ran it. `mark`: the file that it would write, as a string literal. */
export const tellTaleModules = (mark: string): Readonly<Record<string, string>> => ({
  'an import with an effect': `import { writeFileSync } from 'node:fs';
writeFileSync(${mark}, 'import');
export default { providers: [] };`,
  'a require': `require('fs').writeFileSync(${mark}, 'require');
module.exports = { providers: [] };`,
  'a getter': `const { writeFileSync } = await import('node:fs');
export default { providers: [{ get domain() { writeFileSync(${mark}, 'getter'); return 'x'; }, applicationID: 'convex' }] };`,
  'a call in a template': `import fs from 'fs';
export default { providers: [{ domain: \`https://\${fs.writeFileSync(${mark}, 'template')}\`, applicationID: 'convex' }] };`,
  'a tagged template': `import fs from 'fs';
const tag = () => fs.writeFileSync(${mark}, 'tag');
export default { providers: [{ domain: tag\`x\`, applicationID: 'convex' }] };`,
  'a function of a constructor': `export default { providers: [{
  domain: [].constructor.constructor("return process.mainModule.require('fs').writeFileSync(" + ${JSON.stringify(mark)} + ", 'constructor')")(),
  applicationID: 'convex' }] };`,
  eval: `eval("require('fs').writeFileSync(" + ${JSON.stringify(mark)} + ", 'eval')");
export default { providers: [] };`,
  'a value that tells when it is read': `import fs from 'fs';
const domain = { toString() { fs.writeFileSync(${mark}, 'toString'); return 'https://x'; } };
export default { providers: [{ domain: '' + domain, applicationID: 'convex' }] };`,
  'an environment that is asked for more': `import fs from 'fs';
export default { providers: [{ domain: process.env[fs.writeFileSync(${mark}, 'key')], applicationID: 'convex' }] };`,
  'an immediate function': `export default (() => { require('fs').writeFileSync(${mark}, 'iife'); return { providers: [] }; })();`,
  'a class with a static block': `class A { static { require('fs').writeFileSync(${mark}, 'static'); } }
export default { providers: [{ domain: A.name, applicationID: 'convex' }] };`,
  'a throw': `throw new Error('never run');
export default { providers: [] };`,
  'a loop without end': `while (true) {}
export default { providers: [] };`,
  'a loop without end in a value': `export default { providers: [{ domain: (() => { for (;;) {} })(), applicationID: 'convex' }] };`,
  'an exit': `process.exit(42);
export default { providers: [] };`,
  'a variable that is made of itself': `const a = b; const b = a;
export default { providers: [{ domain: a, applicationID: b }] };`,
  'a spread of itself': `const config = { ...config, providers: [...config.providers] };
export default config;`,
  'a string that doubles': `const a0 = 'x'.repeat(1e9); const a1 = a0 + a0; const a2 = a1 + a1; const a3 = a2 + a2;
export default { providers: [{ domain: a3 + a3 + a3, applicationID: 'convex' }] };`,
  'templates that double': `${Array.from({ length: 60 }, (_, n) => `const t${n} = ${n === 0 ? "'xxxxxxxxxx'" : `\`\${t${n - 1}}\${t${n - 1}}\``};`).join('\n')}
export default { providers: [{ domain: t59, applicationID: 'convex' }] };`,
  'lists that double': `${Array.from({ length: 60 }, (_, n) => `const l${n} = ${n === 0 ? "[{ domain: 'x', applicationID: 'convex' }]" : `[...l${n - 1}, ...l${n - 1}]`};`).join('\n')}
export default { providers: l59 };`,
  'keys of every object': `export default { __proto__: { providers: [] }, constructor: 1, providers: { __proto__: null, length: 1e9 } };`,
});

/** Texts that break readers, for whatever file. */
export const nastyTexts = (): Readonly<Record<string, string | Buffer>> => ({
  empty: '',
  'a byte-order mark alone': '\uFEFF',
  'NUL bytes': 'A=1\0B=2\0\0\0C',
  'carriage returns alone': 'A=1\rB=2\rC=3',
  'a line of 10 MB': `A=${'x'.repeat(10_000_000)}`,
  'a quote that never ends': `A="${'y'.repeat(100_000)}`,
  'many quotes': `A=${`"'\``.repeat(30_000)}`,
  'many line ends': '\n'.repeat(300_000),
  'many spaces': `A=${' '.repeat(200_000)}b`,
  'deep brackets': '['.repeat(100_000),
  'deep braces': '{"a":'.repeat(100_000),
  'deep parentheses': `export default ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
  'a long sum': `export default ${Array.from({ length: 20_000 }, (_, n) => n).join('+')}`,
  'JSX in JSX': `const a = ${'<a>'.repeat(10_000)}`,
  'a YAML of aliases': `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[n]}`).join(',')}]`).join('\n')}`,
  'keys of every object':
    '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"toString":1,"dependencies":{"__proto__":"1","hasOwnProperty":"2"}}',
  'variables named as what every object has':
    '__proto__=1\nconstructor=2\ntoString=3\nhasOwnProperty=4\nCLERK_SECRET_KEY=$__proto__\n',
  'variables that are made of each other': 'A=$B\nB=$A\nNEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=$A\n',
  'what is not UTF-8': Buffer.from([0x41, 0x3d, 0xff, 0xfe, 0xc3, 0x28, 0x0a, 0xed, 0xa0, 0x80]),
  'UTF-16': Buffer.from('\uFEFFVITE_CONVEX_URL=https://happy-animal-123.convex.cloud\n', 'utf16le'),
  'colours of a terminal': 'A=\u001b[31mred\u001b]8;;http://evil.example\u0007link\n',
  'a number for everything': '12345',
  null: 'null',
  'a list': '["a", {"dependencies": 3}]',
  'fields of other types':
    '{"name": 7, "dependencies": [1], "devDependencies": "x", "workspaces": {"packages": {"a": 1}}, "scripts": null}',
  'a workspace of everything': '{"workspaces": ["**", "../../**", "/**", "", "!", "[", "{a,{b,{c"]}',
  'merge conflicts': '<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> other\n',
});

/** Things that are no files, where files are expected. Only what this system can make. */
export const strangeFiles: Readonly<Record<string, (root: string) => void>> = {
  'a link to itself': (root) => link('loop', join(root, 'app/loop')),
  'a link to its own folder': (root) => link('.', join(root, 'app/again')),
  'a link to the root of the file system': (root) => link('/', join(root, 'convex/everything')),
  'a link that leads nowhere': (root) => link('nowhere', join(root, 'app/gone.tsx')),
  'two folders in each other': (root) => {
    link('../packages', join(root, 'app/packages'));
    mkdirSync(join(root, 'packages'), { recursive: true });
    link('../app', join(root, 'packages/app'));
  },
  'a folder called .env': (root) => mkdirSync(join(root, '.env'), { recursive: true }),
  'a folder called package.json': (root) => mkdirSync(join(root, 'packages/x/package.json'), { recursive: true }),
  'a folder called auth.config.ts': (root) =>
    mkdirSync(join(root, 'convex/nested/auth.config.ts'), { recursive: true }),
  'a pipe that nobody writes to, as an env file': (root) => pipe(join(root, '.env.development.local')),
  'a pipe that nobody writes to, as a source file': (root) => pipe(join(root, 'app/pipe.tsx')),
  'a deep folder': (root) => mkdirSync(join(root, 'app', ...Array<string>(200).fill('d')), { recursive: true }),
  'a name with a line end': (root) => writeFileSync(join(root, 'app/a\nb.tsx'), 'export const a = 1;'),
};

const link = (to: string, from: string): void => {
  mkdirSync(dirname(from), { recursive: true });
  symlinkSync(to, from);
};
const pipe = (file: string): void => {
  if (process.platform !== 'win32') execFileSync('mkfifo', [file]);
};

/** Programs that git would run for whoever opens a folder that is not theirs. */
export const hostileGitConfig = (mark: string): string => `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	fsmonitor = "touch ${mark}; echo"
	pager = "touch ${mark}"
	hooksPath = hooks
	sshCommand = "touch ${mark}"
[filter "evil"]
	clean = "touch ${mark}; cat"
	smudge = "touch ${mark}; cat"
	process = "touch ${mark}"
[diff]
	external = "touch ${mark}"
[alias]
	ls-files = "!touch ${mark}"
	check-ignore = "!touch ${mark}"
`;
