import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findingCodes } from 'clerk-convex-resilience/diagnosis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cleanProject, frontendApi } from './testing/cleanProject.ts';
import { run } from './testing/run.ts';
import { filesIn, temporaryFolder } from './testing/temporaryFolder.ts';

/** A project with one error and nothing else. */
const broken = () => ({
  ...cleanProject(),
  'convex/auth.config.ts':
    "export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: 'Convex' }] };\n",
});
/** A project with one warning and nothing else. */
const doubtful = () => {
  const files = cleanProject();
  const json = files['package.json']?.replace('"@clerk/react":"^6.18.0"', '"@clerk/clerk-react":"^5.61.0"');
  return {
    ...files,
    'package.json': json ?? '',
    'src/main.tsx': (files['src/main.tsx'] ?? '').replace('@clerk/react', '@clerk/clerk-react'),
  };
};

describe('exit codes', () => {
  it.each<[string, () => Record<string, string>, readonly string[], number]>([
    ['clean', cleanProject, [], 0],
    ['an error', broken, [], 1],
    ['a warning', doubtful, [], 0],
    ['a warning with --strict', doubtful, ['--strict'], 1],
    ['an error that was not asked for', broken, ['--only', 'webhooks'], 0],
    ['an error that is ignored', broken, ['--ignore', 'application-id-wrong'], 0],
    ['an error beside one that is ignored', broken, ['--ignore', 'JWT_TEMPLATE_MISSING'], 1],
    [
      'a warning with --strict that is ignored',
      doubtful,
      ['--strict', '--ignore', 'CLERK_REACT_DEPRECATED,CLOCK_SKEW'],
      0,
    ],
    ['an error that was asked for', broken, ['--only', 'webhooks', 'APPLICATION_ID_WRONG'], 1],
  ])('%s', async (_name, files, argv, code) => {
    const ran = await run(temporaryFolder(files()), ['--offline', ...argv]);
    expect([ran.code, ran.err]).toEqual([code, '']);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['an option that there is not', ['--nonsense'], /unknown option '--nonsense'\nThere is: .*--json, .*--fix/],
    [
      'an option of no use to a command',
      ['backup', '--nonsense'],
      /unknown option '--nonsense'\nThere is: .*--restore <date>/,
    ],
    ['an option of another command', ['--fix', 'backup'], /--fix is no option of `backup`\. There is: .*--list/],
    [
      'a command that there is not',
      ['mend'],
      /There is no command "mend"\. There is: token, report, backup, explain; a folder is given with --cwd\./,
    ],
    ['more than a command takes', ['explain', 'CLOCK_SKEW', 'more'], /`explain` takes 1 argument, and got 2\./],
    [
      'a URL that a token is not compared with',
      ['token', '--url', 'https://app.example.com'],
      /unknown option '--url'/,
    ],
    ['an id that there is not', ['--only', 'everything'], /--only knows no "everything"\. There is: files/],
    [
      'a code to ignore that there is not',
      ['--ignore', 'webhooks'],
      /--ignore knows no code "webhooks"\. It takes codes/,
    ],
    ['no code to ignore', ['--ignore', ','], /--ignore names nothing/],
    ['a language that there is not', ['--lang', 'xx'], /Allowed choices are en, ru, bn/],
    ['a folder that there is not', ['--cwd', 'nowhere'], /There is no folder "nowhere"/],
    ['a folder that is a file', ['--cwd', 'package.json'], /is a file/],
    ['an env file that there is not', ['--env-file', '.env.nowhere'], /There is no file ".env.nowhere" for --env-file/],
    ['an env file that is a folder', ['--env-file', 'src'], /There is no file "src" for --env-file/],
    ['a log that there is not', ['--log', 'nowhere.log'], /Could not read "nowhere.log" for --log: it is not there/],
    ['a URL that is none', ['--url', 'app.example.com'], /--url is "app.example.com", but it must be/],
    ['--yes alone', ['--yes'], /give it with --fix/],
    ['--fix with --watch', ['--fix', '--watch'], /do not go together/],
  ])('2 for %s', async (_name, argv, message) => {
    const ran = await run(temporaryFolder(cleanProject()), ['--offline', ...argv]);
    expect(ran.err).toMatch(message);
    expect([ran.code, ran.out]).toEqual([2, '']);
  });

  it('0 for `help`, alone and for a command', async () => {
    const folder = temporaryFolder(cleanProject());
    const { code, out, err } = await run(folder, ['help']);
    expect([code, out, err]).toEqual([0, expect.stringContaining('Usage: clerk-convex-doctor [options]'), '']);
    expect((await run(folder, ['help', 'token'])).out).toContain('Usage: clerk-convex-doctor token');
    const other = await run(folder, ['help', 'mend']);
    expect([other.code, other.err]).toEqual([2, expect.stringMatching(/^There is no command "mend"\./)]);
  });

  it('2 for an env file that is a pipe, which may not end', async () => {
    const folder = temporaryFolder(cleanProject());
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, '.env.pipe')]);
    const { code, err } = await run(folder, ['--offline', '--env-file', '.env.pipe']);
    expect([code, err]).toEqual([2, expect.stringMatching(/\.env\.pipe" (?:is no regular file|for --env-file)/)]);
    // On Windows there is no such file.
    expect(/is no regular file, and --env-file takes one/.test(err)).toBe(process.platform !== 'win32');
  });

  it('2 where there is no project, also as JSON', async () => {
    const folder = temporaryFolder({ 'readme.txt': 'nothing' });
    expect(await run(folder, ['--offline'])).toMatchObject({ code: 2, err: expect.stringMatching(/no package\.json/) });
    const ran = await run(folder, ['--offline', '--json']);
    expect([ran.code, ran.err]).toEqual([2, '']);
    expect(JSON.parse(ran.out)).toEqual({
      schemaVersion: 1,
      exitCode: 2,
      error: { message: expect.stringMatching(/no package\.json/) },
    });
  });

  it('2 for a log that does not end', async () => {
    if (process.platform === 'win32') return; // has no such file
    const folder = temporaryFolder(cleanProject());
    const ran = await run(folder, ['--offline', '--log', '/dev/zero']);
    expect([ran.code, ran.err]).toEqual([2, expect.stringMatching(/longer than 64 MiB/)]);
  });

  it('2 for --json with --watch, as JSON', async () => {
    const ran = await run(temporaryFolder(cleanProject()), ['--offline', '--json', '--watch']);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.out)).toMatchObject({ error: { message: expect.stringMatching(/one document/) } });
  });

  it('2 for a package.json that is no JSON, which would otherwise be a project without packages', async () => {
    const folder = temporaryFolder({ ...cleanProject(), 'package.json': '{ "name": "app", }' });
    expect(await run(folder, ['--offline', '--strict'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/package\.json cannot be read: it is not valid JSON/),
    });
    const monorepo = temporaryFolder({
      'package.json': '{ "workspaces": ["apps/*"] }',
      'apps/a/package.json': cleanProject()['package.json'] ?? '',
      'apps/b/package.json': '{ "name": "app", }',
    });
    expect(await run(monorepo, ['--offline'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/apps\/b\/package\.json cannot be read: it is not valid JSON/),
    });
  });

  it('0 for --help and --version', async () => {
    const help = await run('/', ['--help']);
    expect(help).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Usage: clerk-convex-doctor.*--only.*Exit code: 0 clean/s),
    });
    expect(await run('/', ['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await run('/', ['backup', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('--restore <date>'),
    });
  });
});

describe('what is printed', () => {
  it('says of each step of a monorepo which app it is about', async () => {
    const files = Object.entries(cleanProject());
    const apps = ['apps/admin', 'apps/web'].flatMap((app) => files.map(([file, text]) => [`${app}/${file}`, text]));
    const folder = temporaryFolder({
      ...Object.fromEntries(apps),
      'package.json': JSON.stringify({ private: true, workspaces: ['apps/*'] }),
    });
    const { out } = await run(folder, ['--offline', '--json']);
    const { skipped }: { readonly skipped: readonly { readonly detail: string }[] } = JSON.parse(out);
    for (const app of ['apps/admin', 'apps/web'])
      expect(skipped.filter(({ detail }) => detail.startsWith(`${app}: `)).length).toBeGreaterThanOrEqual(8);
    expect(skipped.filter(({ detail }) => !detail.startsWith('apps/'))).toEqual([]);
  });

  it('tells of files in UTF-16, which neither the app nor Convex can read, as errors', async () => {
    const root = temporaryFolder(cleanProject());
    for (const file of ['.env.local', 'convex/auth.config.ts'])
      writeFileSync(join(root, file), Buffer.from(`\uFEFF${readFileSync(join(root, file), 'utf8')}`, 'utf16le'));
    const { out } = await run(root, ['--offline', '--quiet']);
    expect(out).toMatch(/✗ Convex cannot read `auth.config.ts`.*\n.*UTF-16/);
    expect(out).toMatch(/✗ The publishable key .* is not set[^✗]* Save `.env.local` as UTF-8[^✗]*at +\.env\.local/);
    expect(out.match(/[✗!] /g)).toEqual(['✗ ', '✗ ', '✗ ']);
  });

  it('tells each step, then the finding with its place, then the sum', async () => {
    const ran = await run(temporaryFolder(broken()), ['--offline']);
    expect(ran.lines).toContain('  · Convex auth config  convex/auth.config.ts');
    expect(ran.out).toMatch(/Clerk's Frontend API {2}skipped: /);
    expect(ran.out).toMatch(/✗ .* {2}APPLICATION_ID_WRONG\n {4}seen +`Convex`\n {4}expected +`convex`\n {4}fix +1\. /);
    expect(ran.out).toMatch(/at +convex\/auth\.config\.ts:1\n/);
    expect(ran.lines.at(-2)).toBe('1 error');
    expect(ran.out).not.toContain('\u001b');
  });

  it('writes nothing', async () => {
    const folder = temporaryFolder(broken());
    const before = filesIn(folder);
    await run(folder, ['--offline']);
    expect(filesIn(folder)).toEqual(before);
  });

  it('prints findings only with --quiet', async () => {
    const [clean, wrong] = [
      await run(temporaryFolder(cleanProject()), ['--offline', '--quiet']),
      await run(temporaryFolder(broken()), ['--offline', '--quiet']),
    ];
    expect(clean.out).toBe('');
    expect(wrong.lines.slice(0, 2)).toEqual(['', 'convex/auth.config.ts']);
    expect(wrong.out).not.toMatch(/Environment files|1 error/);
  });

  it('prints one JSON document and nothing else with --json', async () => {
    const ran = await run(temporaryFolder(broken()), ['--offline', '--json']);
    const report = JSON.parse(ran.out) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual([
      'schemaVersion',
      'doctorVersion',
      'ranAt',
      'exitCode',
      'summary',
      'apps',
      'skipped',
    ]);
    expect(report).toMatchObject({
      schemaVersion: 1,
      ranAt: '2026-11-26T18:44:04.000Z',
      exitCode: 1,
      summary: { errors: 1, warnings: 0, infos: 0 },
      apps: [
        {
          app: '.',
          framework: 'vite',
          findings: [
            {
              code: 'APPLICATION_ID_WRONG',
              severity: 'error',
              group: 'auth-config',
              title: expect.any(String),
              seen: '`Convex`',
              expected: '`convex`',
              fix: [expect.any(String), expect.any(String)],
              at: 'convex/auth.config.ts:1',
              docsUrl: expect.stringMatching(/^https:.*APPLICATION_ID_WRONG\.md$/),
              args: { seen: 'Convex', expected: 'convex' },
            },
          ],
        },
      ],
    });
    expect(report.skipped).toContainEqual(expect.objectContaining({ id: 'frontend-api', group: 'network' }));
    expect(ran.err).toBe('');
  });

  it.each(['ru', 'bn'])('speaks %s', async (language) => {
    const ran = await run(temporaryFolder(broken()), ['--offline', '--lang', language]);
    expect(ran.out).toMatch(language === 'ru' ? /1 ошибка/ : /১টি ত্রুটি/);
  });

  it('never prints a secret, in whatever it prints', async () => {
    const secrets = [`sk_live_${'s'.repeat(42)}`, `whsec_${'w'.repeat(32)}`, 'hunter2hunter2'];
    const files = {
      ...broken(),
      '.env.local': `${cleanProject()['.env.local']}CLERK_SECRET_KEY=${secrets[0]}\nVITE_CLERK_SECRET=${secrets[0]}\nCLERK_WEBHOOK_SIGNING_SECRET=${secrets[1]}!\nPASSWORD=${secrets[2]}\n`,
      'notes.md': `the key is ${secrets[0]}, ada@example.com`,
    };
    for (const argv of [[], ['--json'], ['--fix', '--yes'], ['report'], ['backup']]) {
      const ran = await run(temporaryFolder(files), [...argv, ...(argv[0] === 'backup' ? [] : ['--offline'])]);
      for (const secret of [...secrets, 'ssssss', 'wwwwww', 'ada@example.com'])
        expect(ran.out + ran.err).not.toContain(secret);
    }
  });

  it('prints no key, cookie or query that stands in a log or in package.json', async () => {
    const part = 'a1b2c3d4'.repeat(5);
    const log = [
      `Not authenticated: CONVEX_DEPLOY_KEY=prod:happy-animal-123|${part}`,
      `Not authenticated: self-hosted|${part}`,
      `Not authenticated: cookie __client=dvb_${part}; __session=${part}`,
      `Not authenticated: GET https://me:${part}@app.example.com/?__clerk_db_jwt=${part}`,
    ].join('\n');
    const manifest = cleanProject()['package.json']?.replace('^1.48.0', `git+https://ghp_${part}@github.com/a/b.git`);
    const folder = temporaryFolder({ ...cleanProject(), 'package.json': manifest ?? '', 'a.log': log });
    for (const argv of [[], ['--json'], ['report']]) {
      const ran = await run(folder, [...argv, '--offline', '--log', 'a.log']);
      expect(ran.out).toContain('prod:happy-animal-123|…');
      expect(ran.out + ran.err).not.toContain('a1b2');
    }
  });

  it('colours for a person, and not with --no-color', async () => {
    const folder = temporaryFolder(broken());
    expect((await run(folder, ['--offline'], { isTTY: true })).out).toContain('\u001b[31m');
    expect((await run(folder, ['--offline', '--no-color'], { isTTY: true })).out).not.toContain('\u001b[3');
    expect((await run(folder, ['--offline'], { isTTY: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b[3');
  });
});

describe('--only', () => {
  it('asks the network only where something of it is known from there', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const overrides = { endpoints: { backendApi: url, statusPage: url, frontendApi: url }, timeoutMs: 2000 };
    // Nothing else than that server is to be asked.
    const folder = temporaryFolder({
      ...cleanProject(),
      '.env.local': `CLERK_JWT_ISSUER_DOMAIN=${url}\nVITE_CONVEX_URL=${url}\n`,
    });
    await run(folder, ['--only', 'files'], {}, overrides);
    expect(asked).toEqual([]);
    await run(folder, ['--only', 'status-page'], {}, overrides);
    expect(asked).not.toEqual([]);
  });
});

it('runs nothing that the repository brings under the name of the Convex CLI, asked over the network or not', async () => {
  const folder = temporaryFolder({
    ...cleanProject(),
    '.env.local': `CLERK_JWT_ISSUER_DOMAIN=${closed}\nVITE_CONVEX_URL=${closed}\n`,
    'node_modules/convex/package.json': '{ "name": "convex", "bin": { "convex": "../../evil.cjs" } }',
    'node_modules/convex/bin/main.js': '',
    'evil.cjs': "require('node:fs').writeFileSync('was-run', '');",
  });
  for (const argv of [
    ['--only', 'convex-env'],
    ['--only', 'convex-env', '--offline'],
  ]) {
    const ran = await run(folder, argv, { env: process.env }, nowhere);
    expect(ran.out).toMatch(/Environment of the Convex deployment {2}skipped/);
    expect(Object.keys(filesIn(folder))).not.toContain('was-run');
  }
});

/** Nobody listens there, and nobody outside of this machine is asked. */
const closed = 'http://127.0.0.1:1';
const nowhere = { endpoints: { backendApi: closed, statusPage: closed, frontendApi: closed }, timeoutMs: 500 };

describe('--ignore', () => {
  it('leaves a finding out, counts it, and says so', async () => {
    const folder = temporaryFolder(broken());
    const ran = await run(folder, ['--offline', '--ignore', 'APPLICATION_ID_WRONG']);
    expect(ran.out).not.toContain('APPLICATION_ID_WRONG');
    expect(ran.lines.at(-2)).toBe('Nothing is wrong. (left out by --ignore: 1)');
    const json = await run(folder, ['--offline', '--json', '--ignore', 'APPLICATION_ID_WRONG', 'CLOCK_SKEW']);
    expect(JSON.parse(json.out)).toMatchObject({
      exitCode: 0,
      ignored: 1,
      summary: { errors: 0 },
      apps: [{ findings: [] }],
    });
    const none = await run(folder, ['--offline', '--json', '--ignore', 'CLOCK_SKEW']);
    expect(JSON.parse(none.out)).toMatchObject({ exitCode: 1, ignored: 0, summary: { errors: 1 } });
  });

  it('keeps --fix from what it leaves out', async () => {
    const { 'convex/auth.config.ts': _, ...files } = cleanProject();
    const folder = temporaryFolder(files);
    const before = filesIn(folder);
    const ran = await run(folder, ['--offline', '--fix', '--yes', '--ignore', 'AUTH_CONFIG_MISSING']);
    expect([ran.code, filesIn(folder)]).toEqual([0, before]);
  });
});

describe('--log', () => {
  it('reads all of what comes in on stdin', async () => {
    const long = `${'x'.repeat(99)}\n`.repeat(30_000);
    const ran = await run(temporaryFolder(cleanProject()), ['--offline', '--log', '-'], {
      stdin: (async function* () {
        yield long;
        yield "'users:store called' { hasIdentity: false }";
      })(),
    });
    expect(ran.out).toContain('FUNCTION_RAN_WITHOUT_IDENTITY');
  });

  const story =
    'POST https://x.clerk.accounts.dev/v1/client/sessions/sess_1/tokens/convex 404 (Not Found)\nusers:store called { hasIdentity: false }\nUncaught Error: Not authenticated\n';

  it('is looked at beside the project, and from stdin', async () => {
    const folder = temporaryFolder({ ...cleanProject(), 'console.log': story });
    for (const ran of [
      await run(folder, ['--offline', '--log', 'console.log']),
      await run(folder, ['--offline', '--log', '-'], { input: story }),
    ]) {
      expect(ran.code).toBe(1);
      expect(ran.out).toContain('JWT_TEMPLATE_MISSING');
    }
  });

  it('is enough by itself', async () => {
    const ran = await run(temporaryFolder({ 'console.log': story }), ['--offline', '--log', 'console.log']);
    expect([ran.code, ran.err]).toEqual([1, '']);
    expect(ran.out).toContain('JWT_TEMPLATE_MISSING');
  });
});

describe('--watch', () => {
  it('runs again after a change, and ends with the last code', async () => {
    const folder = temporaryFolder(broken());
    const stop = new AbortController();
    const out: string[] = [];
    const count = () => out.filter((text) => text.startsWith('Watching')).length;
    const ended = run(folder, ['--offline', '--watch'], {
      interrupted: () => stop.signal,
      stdout: { write: (text) => out.push(text) },
    });
    await expect.poll(count, { timeout: 20_000 }).toBe(1);
    expect(out.join('')).toContain('APPLICATION_ID_WRONG');
    out.length = 0;
    writeFileSync(join(folder, 'convex/auth.config.ts'), cleanProject()['convex/auth.config.ts'] ?? '');
    await expect.poll(count, { timeout: 20_000 }).toBe(1);
    expect(out.join('')).toContain('Nothing is wrong.');
    stop.abort();
    expect((await ended).code).toBe(0);
  });
});

describe('explain', () => {
  it('lists every code', async () => {
    const ran = await run('/', ['explain']);
    for (const code of findingCodes) expect(ran.lines).toContain(`  ${code}`);
  });

  it('names the nearest of one that there is not', async () => {
    const ran = await run('/', ['explain', 'TEMPLATE_GONE']);
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean JWT_TEMPLATE_MISSING') });
  });
});

describe('backup', () => {
  it('copies, lists and restores', async () => {
    const folder = temporaryFolder(cleanProject());
    const date = '2026-11-26T18-44-04Z';
    expect((await run(folder, ['backup', '--list'])).out).toContain('There is no backup');
    expect(await run(folder, ['backup'])).toMatchObject({
      code: 0,
      out: `Copied to .clerk-convex-doctor/backups/${date}: .env.local\n`,
    });
    expect((await run(folder, ['backup', '--list'])).out).toBe(`${date}  .env.local\n`);
    expect((await run(folder, ['backup', '--restore', date])).out).toContain('All is as it was');
    writeFileSync(join(folder, '.env.local'), 'gone\n');
    const refused = await run(folder, ['backup', '--restore', date]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('Add --yes') });
    expect(readFileSync(join(folder, '.env.local'), 'utf8')).toBe('gone\n');
    const asked: string[] = [];
    const no = await run(folder, ['backup', '--restore', date], {
      isTTY: true,
      confirm: async (text) => asked.push(text) < 0,
    });
    expect([no.code, asked.length, readFileSync(join(folder, '.env.local'), 'utf8')]).toEqual([0, 1, 'gone\n']);
    expect((await run(folder, ['backup', '--restore', 'latest', '--yes'])).out).toContain('Restored: .env.local');
    expect(readFileSync(join(folder, '.env.local'), 'utf8')).toBe(cleanProject()['.env.local']);
  });

  it('says that there is nothing to copy', async () => {
    expect(await run(temporaryFolder({ a: 'b' }), ['backup'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no env file'),
    });
  });
});

describe('report', () => {
  it('holds findings, versions and names, and no value', async () => {
    const folder = temporaryFolder({
      ...broken(),
      'events.json': JSON.stringify([{ type: 'token_failed', note: 'ada@example.com' }]),
    });
    const ran = await run(folder, ['report', '--offline', '--events', 'events.json']);
    expect([ran.code, ran.err]).toEqual([0, '']);
    const bundle = JSON.parse(ran.out) as Record<string, unknown>;
    expect(bundle).toMatchObject({
      apps: [{ findings: [{ code: 'APPLICATION_ID_WRONG' }] }],
      versions: [{ packages: { convex: { wanted: '^1.48.0' } } }],
      environment: [
        { names: expect.arrayContaining([{ name: 'VITE_CLERK_PUBLISHABLE_KEY', isSet: true, at: '.env.local:1' }]) },
      ],
      events: [{ type: 'token_failed', note: '…' }],
      system: { node: process.version },
    });
    expect(JSON.stringify(bundle.environment)).not.toContain(frontendApi);
  });

  it('has only those names of the environment that concern Clerk and Convex', async () => {
    const files = {
      ...cleanProject(),
      '.env.local': 'STRIPE_API_VERSION=1\nCLERK_JWT_ISSUER_DOMAIN=https://a.example.com\n',
    };
    const ran = await run(temporaryFolder(files), ['report', '--offline']);
    expect(ran.out).toContain('CLERK_JWT_ISSUER_DOMAIN');
    expect(ran.out).not.toContain('STRIPE');
  });

  it('tells of a token the claims that say nothing of a person', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = `${part({ alg: 'RS256' })}.${part({ iss: 'https://a.example.com', aud: 'convex', sub: 'user_2abcdef', name: 'Ada' })}.c2ln`;
    const ran = await run(temporaryFolder(cleanProject()), ['report', '--offline', '--token', '-'], {
      input: `Bearer ${jwt}`,
    });
    expect(JSON.parse(ran.out)).toMatchObject({
      claims: { iss: 'https://a.example.com', aud: 'convex', others: ['sub', 'name'] },
    });
    expect(ran.out).not.toMatch(/user_2abcdef|"Ada"|eyJ/);
  });

  it('explains a reference from production', async () => {
    const ran = await run(temporaryFolder(cleanProject()), [
      'report',
      '--offline',
      'RESOURCE_NOT_FOUND',
      '20261126T1844Z',
      '1.4.2',
    ]);
    expect(ran.err).toContain('clerk-convex-doctor explain JWT_TEMPLATE_MISSING');
    expect(JSON.parse(ran.out)).toMatchObject({
      reference: { code: 'RESOURCE_NOT_FOUND', build: '1.4.2', at: '2026-11-26T18:44Z' },
    });
  });

  it('explains a reference without a project too, and makes no report there without one', async () => {
    const folder = temporaryFolder();
    const ran = await run(folder, ['report', '--offline', 'JWT_TEMPLATE_MISSING', '20261126T1844Z']);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('clerk-convex-doctor explain JWT_TEMPLATE_MISSING');
    expect(JSON.parse(ran.out)).toMatchObject({ apps: [], reference: { code: 'JWT_TEMPLATE_MISSING' } });
    expect((await run(folder, ['report', '--offline'])).code).toBe(2);
  });

  it('writes a file where it is told to', async () => {
    const folder = temporaryFolder(cleanProject());
    expect((await run(folder, ['report', '--offline', '--output', 'bundle.json'])).out).toContain(
      'Written: bundle.json',
    );
    expect(JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8'))).toMatchObject({ schemaVersion: 1 });
    const elsewhere = join(temporaryFolder(), 'bundle.json');
    for (let twice = 0; twice < 2; twice++)
      expect((await run(folder, ['report', '--offline', '--output', elsewhere])).code).toBe(0);
    const before = readFileSync(join(folder, 'package.json'), 'utf8');
    const foreign = await run(folder, ['report', '--offline', '--output', 'package.json']);
    expect([foreign.code, foreign.err]).toEqual([2, expect.stringMatching(/is there already, and is no report/)]);
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(before);
    expect(JSON.parse(readFileSync(elsewhere, 'utf8'))).toMatchObject({ schemaVersion: 1 });
  });
});
