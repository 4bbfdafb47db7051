import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Claims, diagnose, type Finding } from 'clerk-convex-resilience/diagnosis';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DoctorError } from '../../packages/clerk-convex-doctor/src/DoctorError.ts';
import { readLog } from '../../packages/clerk-convex-doctor/src/log/readLog.ts';
import { main } from '../../packages/clerk-convex-doctor/src/main.ts';
import { runDoctor } from '../../packages/clerk-convex-doctor/src/runDoctor.ts';
import { draftOf } from './Draft.ts';
import { hostileGitConfig, nastyTexts, strangeFiles, tellTaleModules } from './hostile.ts';
import { inTime, mostMs } from './inTime.ts';
import * as instance from './projects/instance.ts';
import { next } from './projects/next.ts';
import { secrets, tellsNoSecret } from './tellsNoSecret.ts';
import { treeHash } from './treeHash.ts';
import { createWorkshop, type Workshop } from './writeProject.ts';

/** Of the processor's time, which other programs take none of. 2.4 s were seen. */
const cpuMs = (): number => process.cpuUsage().user / 1_000;

let workshop: Workshop;
beforeAll(() => {
  workshop = createWorkshop();
});
afterAll(() => workshop.close());

/** A project, in which files are replaced, looked at by the doctor: it ends in time, and leaves everything as it was. */
async function look(
  files: Readonly<Record<string, string | Buffer>>,
  { inGit = false, prepare }: { readonly inGit?: boolean; readonly prepare?: (root: string) => void } = {},
): Promise<readonly Finding[]> {
  const root = workshop.write({ ...draftOf(next), inGit });
  try {
    for (const [name, content] of Object.entries(files)) {
      rmSync(join(root, name), { recursive: true, force: true });
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    prepare?.(root);
    const before = treeHash(root);
    const startedAt = cpuMs();
    const { apps } = await inTime(() =>
      runDoctor({ root, offline: true, processEnv: {} }).catch((error: unknown) => {
        // A package.json that cannot be read is said so, and nothing else can be said.
        if (error instanceof DoctorError && error.code === 'unreadable') return { apps: [] };
        throw error;
      }),
    );
    expect(cpuMs() - startedAt).toBeLessThan(mostMs);
    expect(treeHash(root)).toBe(before);
    const findings = apps.flatMap((app) => app.findings);
    tellsNoSecret(findings);
    return findings;
  } finally {
    workshop.remove(root);
  }
}

describe('hostile projects', () => {
  const places = {
    'package.json': ['package.json', 'pnpm-workspace.yaml', 'tsconfig.json', '.gitignore'],
    lockfiles: ['pnpm-lock.yaml', 'package-lock.json', 'yarn.lock', 'bun.lock', 'node_modules/react/package.json'],
    'every other file': [
      '.env',
      '.env.local',
      '.env.production',
      'convex/auth.config.ts',
      'convex/schema.ts',
      'convex/http.ts',
      'convex/users.ts',
      'app/layout.tsx',
      'components/ConvexClientProvider.tsx',
      'proxy.ts',
      'README.md',
    ],
  };
  test.for(Object.entries(places))('%s of nasty texts', { timeout: 60_000 }, async ([, names]) => {
    for (const text of Object.values(nastyTexts())) {
      await look(Object.fromEntries(names.map((name) => [name, text])));
    }
  });

  test.for(Object.entries(strangeFiles))('%s', async ([, prepare]) => {
    // Nothing is wrong with the project besides.
    expect(await look({}, { inGit: true, prepare })).toEqual([]);
  });

  test('no code of the project runs', async () => {
    const root = workshop.write(draftOf(next));
    const mark = join(root, 'ran');
    for (const module of Object.values(tellTaleModules(JSON.stringify(mark)))) {
      // Whatever else is read may be run as little.
      const files = Object.fromEntries(
        [
          'convex/auth.config.ts',
          'convex/schema.ts',
          'convex/http.ts',
          'next.config.ts',
          'proxy.ts',
          'app/layout.tsx',
        ].map((name) => [name, module]),
      );
      await look({
        ...files,
        '.npmrc': `node-options=--require ${mark}.cjs\n`,
        'vitest.config.ts': module,
        'eslint.config.mjs': module,
        'node_modules/convex/index.js': module,
        'node_modules/react/index.js': module,
      });
      expect(existsSync(mark)).toBe(false);
    }
    workshop.remove(root);
  }, 60_000);

  test.runIf(process.platform !== 'win32')("no program of the repository's git settings runs", async (context) => {
    context.skip(!workshop.hasGit, 'there is no git');
    const root = workshop.write(draftOf(next));
    const mark = join(root, 'ran');
    await look(
      {
        '.git/config': hostileGitConfig(mark),
        '.gitattributes': '* filter=evil\n',
        '.git/hooks/post-index-change': `#!/bin/sh\ntouch ${mark}\n`,
      },
      { inGit: true },
    );
    expect(existsSync(mark)).toBe(false);

    // The trap works: a git that is asked without care runs them.
    writeFileSync(join(root, '.git/config'), hostileGitConfig(mark));
    execFileSync('git', ['status'], { cwd: root, stdio: 'pipe' });
    expect(existsSync(mark)).toBe(true);
    workshop.remove(root);
  });
});

test('the command writes nothing without --fix, whatever is wrong', async () => {
  const draft = draftOf(next);
  // All that --fix mends.
  for (const file of ['convex/auth.config.ts', 'convex/http.ts', '.env.local', 'proxy.ts']) draft.files.delete(file);
  const root = workshop.write(draft);
  const before = treeHash(root);
  for (const argv of [[], ['--json'], ['--quiet'], ['--strict'], ['--only', 'keys'], ['token', 'a.b.c'], ['report']]) {
    let output = '';
    const io = {
      stdout: { write: (text: string) => (output += text) },
      stderr: { write: (text: string) => (output += text) },
      env: { PATH: process.env.PATH },
      cwd: root,
      isTTY: false,
    };
    const exitCode = await main([...argv, '--offline'], io);
    expect(exitCode, output).not.toBe(2);
    expect(output).not.toBe('');
    expect(treeHash(root)).toBe(before);
  }
  workshop.remove(root);
});

describe('random files', () => {
  const word = fc.constantFrom(
    'VITE_CLERK_PUBLISHABLE_KEY',
    'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
    'NEXT_PUBLIC_CONVEX_URL',
    'CLERK_SECRET_KEY',
    'CLERK_WEBHOOK_SIGNING_SECRET',
    'CONVEX_DEPLOYMENT',
    '__proto__',
    'export ',
    '=',
    ':',
    '"',
    "'",
    '`',
    '#',
    '\\',
    '\n',
    '\r\n',
    '$',
    '${',
    '}',
    '\0',
    '\uFEFF',
    '\u2028',
    instance.publishableKey,
    instance.secretKey,
    instance.webhookSecret,
    'https://happy-animal-123.convex.cloud/',
    'https://%',
    'dev:',
  );
  const soup = (words: fc.Arbitrary<string>) =>
    fc.array(fc.oneof({ weight: 4, arbitrary: words }, fc.string({ unit: 'binary' })), { maxLength: 60 });

  test('env files', async () => {
    await fc.assert(
      fc.asyncProperty(soup(word), soup(word), async (local, production) => {
        await look({ '.env.local': local.join(''), '.env.production': production.join('') });
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  const code = fc.constantFrom(
    'export default ',
    'import ',
    'const ',
    'domain',
    'applicationID',
    'providers',
    'process.env',
    '.CLERK_JWT_ISSUER_DOMAIN',
    'satisfies AuthConfig',
    ' as ',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ':',
    ',',
    ';',
    '...',
    '=>',
    '??',
    '||',
    '?',
    '!',
    '`',
    '${',
    '"convex"',
    '<A>',
    '</A>',
    '/*',
    '*/',
    '//',
    '\n',
    'ClerkProvider',
    'ConvexProviderWithClerk',
    'useAuth',
    'http.route',
    'defineTable',
    'users',
    'await ',
    '#x',
    '@d',
    '__proto__',
  );
  test('sources', async () => {
    await fc.assert(
      fc.asyncProperty(soup(code), soup(code), soup(code), async (config, schema, layout) => {
        await look({
          'convex/auth.config.ts': config.join(''),
          'convex/schema.ts': schema.join(''),
          'convex/http.ts': schema.toReversed().join(''),
          'app/layout.tsx': layout.join(''),
          'proxy.ts': layout.toReversed().join(''),
        });
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  test('package.json and lockfiles', async () => {
    const dependency = fc.constantFrom(
      'react',
      'convex',
      'next',
      '@clerk/nextjs',
      '@clerk/react',
      '__proto__',
      'constructor',
    );
    const dependencies = fc.oneof(fc.dictionary(dependency, fc.oneof(fc.string(), fc.jsonValue())), fc.jsonValue());
    const manifest = fc.record({
      name: fc.jsonValue(),
      dependencies,
      devDependencies: dependencies,
      peerDependencies: dependencies,
      workspaces: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      packageManager: fc.jsonValue(),
      packages: fc.dictionary(
        fc.constantFrom('', 'node_modules/react', 'node_modules/a/node_modules/react'),
        fc.jsonValue(),
      ),
      version: fc.jsonValue(),
    });
    await fc.assert(
      fc.asyncProperty(manifest, manifest, fc.string({ unit: 'binary' }), async (own, lock, text) => {
        await look({
          'package.json': JSON.stringify(own),
          'package-lock.json': JSON.stringify(lock),
          'pnpm-lock.yaml': JSON.stringify(lock),
          'yarn.lock': text,
          'node_modules/react/package.json': JSON.stringify(lock),
        });
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});

describe('random evidence', () => {
  const claims = fc.oneof(
    fc.record({
      iss: fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' }), fc.jsonValue()),
      aud: fc.oneof(fc.string(), fc.array(fc.string()), fc.jsonValue()),
      exp: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
      iat: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
    }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'iss', 'aud')), fc.jsonValue()),
    fc.constant(null),
  ) as fc.Arbitrary<Claims | null>;
  const header = fc.option(fc.dictionary(fc.string(), fc.jsonValue()));
  const email = 'ada.lovelace@example.com';
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(40)}`;
  const serverWord = fc.constantFrom(
    'No auth provider found matching the given token',
    '(no providers configured)',
    'Check convex/auth.config.ts.',
    '[OIDC(domain=',
    'app_id=',
    ')]',
    'Auth provider discovery of ',
    ' failed',
    'Could not verify OIDC token claim',
    'Invalid audience',
    'Could not fetch JWKS',
    'POST https://clerk.example.com/v1/client/sessions/sess_1/tokens/convex net::ERR_TIMED_OUT\n',
    '[clerk-convex-resilience] ',
    'token not obtained: ',
    'hasIdentity: false',
    'Uncaught Error: Not authenticated',
    '\n',
    '\u001b[31m',
    '"',
    ' ',
  );
  const texts = fc
    .array(fc.oneof({ weight: 4, arbitrary: serverWord }, fc.string({ unit: 'binary' })), { maxLength: 30 })
    .map((words) => words.join(''));
  const quick = (run: () => readonly Finding[]): void => {
    const startedAt = cpuMs();
    tellsNoSecret(run(), [...secrets, email, jwt]);
    expect(cpuMs() - startedAt).toBeLessThan(mostMs);
  };

  test('tokens', () => {
    fc.assert(
      fc.property(claims, header, fc.option(fc.integer(), { nil: undefined }), (read, head, now) => {
        quick(() =>
          diagnose({
            ...(now !== undefined && { now }),
            token: { claims: read, header: head },
            runtime: { publishableKey: instance.publishableKey, ...(read && { claims: read }) },
          }),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('texts of the server, and logs, with secrets and addresses in them', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...secrets, email, jwt), texts, (before, secret, after) => {
        const text = `${before} ${secret} ${after}`;
        quick(() => diagnose({ runtime: { refusal: text, refusedForMs: 60_000 } }));
        quick(() => diagnose({ log: readLog(text) }));
      }),
      { numRuns: 300 },
    );
  });

  test('long texts', () => {
    for (const text of [
      'No auth provider found '.repeat(50_000),
      '[OIDC(domain='.repeat(50_000),
      'a'.repeat(5_000_000),
      `Auth provider discovery of ${'x'.repeat(1_000_000)} failed`,
      '@'.repeat(200_000),
      `${'a.'.repeat(100_000)}@${'b.'.repeat(100_000)}`,
      'eyJ'.repeat(200_000),
      'Bearer '.repeat(100_000),
    ]) {
      quick(() => diagnose({ runtime: { refusal: text, refusedForMs: 60_000 } }));
      quick(() => diagnose({ log: readLog(text) }));
    }
  });
});
