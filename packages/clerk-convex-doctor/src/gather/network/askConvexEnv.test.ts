import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Step } from '../../types.ts';
import { askConvexEnv } from './askConvexEnv.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A project whose Convex CLI does that. */
function projectWith(cli?: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'doctor-')));
  folders.push(folder);
  if (cli === undefined) return folder;
  const convex = join(folder, 'node_modules/convex');
  mkdirSync(join(convex, 'bin'), { recursive: true });
  writeFileSync(join(convex, 'package.json'), '{ "name": "convex", "bin": { "convex": "bin/main.js" } }');
  writeFileSync(join(convex, 'bin/main.js'), cli);
  return folder;
}

async function askAt(folder: string, options: Parameters<typeof askConvexEnv>[1] = {}) {
  const steps: Step[] = [];
  const variables = await askConvexEnv(folder, { processEnv: {}, onStep: (step) => steps.push(step), ...options });
  return { variables, steps: steps.map(({ id, status, detail }) => [id, status, detail]) };
}

it("runs the project's own CLI where its Convex folder is, and reads the variables", async () => {
  const folder = projectWith(`
    console.error('a message for people');
    console.log('ARGS=' + process.argv.slice(2).join(' '));
    console.log('FOLDER=' + process.cwd());
    console.log('KEY=' + process.env.CONVEX_DEPLOY_KEY);
  `);
  const { variables, steps } = await askAt(folder, { processEnv: { CONVEX_DEPLOY_KEY: 'a=b' } });
  expect(variables).toEqual({ ARGS: 'env list --include-values', FOLDER: folder, KEY: 'a=b' });
  expect(steps).toEqual([
    ['convex-env', 'started', undefined],
    ['convex-env', 'done', '3 variables'],
  ]);
});

it('asks the deployment that an env file names, and none where it names none', async () => {
  const folder = projectWith(`console.log('ASKED=' + process.env.CONVEX_DEPLOYMENT);`);
  const processEnv = { CONVEX_DEPLOYMENT: 'dev:happy-otter-1' };
  const named = { CONVEX_DEPLOYMENT: 'prod:calm-otter-2' };
  expect((await askAt(folder, { processEnv, named })).variables).toEqual({ ASKED: 'prod:calm-otter-2' });
  for (const nothing of [{}, { CONVEX_DEPLOY_KEY: '' }, { CONVEX_SELF_HOSTED_URL: 'http://127.0.0.1:3210' }]) {
    const { variables, steps } = await askAt(folder, { processEnv, named: nothing });
    expect(variables).toBeUndefined();
    expect(steps).toEqual([['convex-env', 'skipped', expect.stringMatching(/names no deployment/)]]);
  }
});

it('leaves the CLI nothing to fill in from .env.local where an env file names the deployment', async () => {
  const folder = projectWith(`for (const name in process.env) console.log(name + '=' + process.env[name]);`);
  const { variables } = await askAt(folder, { named: { CONVEX_DEPLOYMENT: 'prod:calm-otter-2' } });
  expect(variables).toMatchObject({
    CONVEX_DEPLOYMENT: 'prod:calm-otter-2',
    CONVEX_DEPLOY_KEY: '',
    CONVEX_DEPLOYMENT_TOKEN: '',
    CONVEX_SELF_HOSTED_URL: '',
    CONVEX_SELF_HOSTED_ADMIN_KEY: '',
  });
});

it('asks a second time only within the time that it has for both', async () => {
  const folder = projectWith(`
    require('node:fs').appendFileSync('asked', '.');
    if (process.argv.includes('--include-values')) {
      console.error("error: unknown option '--include-values'");
      process.exit(1);
    }
    console.log('A=b');
  `);
  // When the first answer comes, the time is up.
  const clock = vi.spyOn(performance, 'now');
  clock.mockImplementation(() => (existsSync(join(folder, 'asked')) ? 10_000 : 0));
  try {
    const { steps } = await askAt(folder);
    expect(steps.at(-1)).toEqual(['convex-env', 'skipped', 'No answer within 10 s.']);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('.');
  } finally {
    clock.mockRestore();
  }
});

it('asks an earlier CLI without the option that it does not know', async () => {
  const { variables } = await askAt(
    projectWith(`
      if (process.argv.includes('--include-values')) {
        console.error("error: unknown option '--include-values'");
        process.exit(1);
      }
      console.log('A=b');
    `),
  );
  expect(variables).toEqual({ A: 'b' });
});

it('knows a deployment without variables', async () => {
  const { variables, steps } = await askAt(projectWith(`console.error('No environment variables set.')`));
  expect([variables, steps.at(-1)]).toEqual([{}, ['convex-env', 'done', '0 variables']]);
});

it.each([
  [
    'fails',
    `console.error('\\u001b[31m✖\\u001b[39m Not logged in.\\nRun npx convex dev for ada@example.com'); process.exit(1)`,
    {},
    '✖ Not logged in. Run npx convex dev for …',
  ],
  ['fails silently', 'process.exit(3)', {}, 'The Convex CLI ended with 3.'],
  [
    'waits for a person',
    `process.stdin.on('end', () => { console.error('Nobody is here.'); process.exit(1); }).resume()`,
    {},
    'Nobody is here.',
  ],
  ['hangs', 'setInterval(() => {}, 1000)', { convexTimeoutMs: 500 }, 'No answer within 0.5 s.'],
  ['lists names alone', `console.log('A\\nB')`, {}, 'The Convex CLI lists names without values.'],
  ['is not asked for', `console.log('A=b')`, { askConvex: false }, 'Not asked for.'],
  ['would need the network', `console.log('A=b')`, { offline: true }, 'Offline: nothing is asked.'],
  ['is not there', undefined, {}, "The package 'convex' is not installed: install the project's dependencies first."],
])('says why there is nothing when the CLI %s', async (_, cli, options, why) => {
  const { variables, steps } = await askAt(projectWith(cli), options);
  expect([variables, steps.at(-1)]).toEqual([undefined, ['convex-env', 'skipped', why]]);
});

it.each([
  [
    'its socket is refused twice',
    `const say = () => console.log('WebSocket error message: connect ECONNREFUSED'); say(); say();`,
    'connect ECONNREFUSED',
  ],
  [
    'a function fails',
    `console.error('Error: [CONVEX Q(env)] Server Error\\n  Called by client\\n    at file.js:1');`,
    'Error: [CONVEX Q(env)] Server Error',
  ],
  ['the deployment ends it', `console.error('[CONVEX FATAL ERROR] no');`, '[CONVEX FATAL ERROR] no'],
])('waits no longer when it is plain that nothing comes: %s', async (_, say, why) => {
  const startedAt = performance.now();
  const { steps } = await askAt(projectWith(`${say} setInterval(() => {}, 1000)`), { convexTimeoutMs: 30_000 });
  expect(steps.at(-1)).toEqual(['convex-env', 'skipped', why]);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

it('tells what the CLI has said where it does not end', async () => {
  const cli = `console.error('No access token.'); setInterval(() => {}, 1000)`;
  const { steps } = await askAt(projectWith(cli), { convexTimeoutMs: 500 });
  expect(steps.at(-1)?.[2]).toBe('No answer within 0.5 s. The Convex CLI said: No access token.');
});

describe('a deployment of this machine', () => {
  const config = (ports: unknown, deploymentName?: string) => JSON.stringify({ ports, adminKey: 'k', deploymentName });
  const states = {
    'in the project': '.convex/local/default/config.json',
    'in the home': '.convex/convex-backend-state/local-app/config.json',
    anonymous: '.convex/anonymous-convex-backend-state/anonymous-app/config.json',
  };
  /** A project, which is its owner's home too, with that deployment; `named` is what its server calls itself. */
  async function askLocal(file: string, env: string, named?: string, text?: string) {
    const server = createServer((_, response) => response.end(named)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (named === undefined) await new Promise((closed) => server.close(closed));
    try {
      const folder = projectWith(`require('node:fs').writeFileSync('was-run', ''); console.log('A=b');`);
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), text ?? config({ cloud: port }));
      writeFileSync(join(folder, '.env.local'), env);
      const { variables, steps } = await askAt(folder, { processEnv: { HOME: folder } });
      return { variables, detail: steps.at(-1)?.[2], wasRun: existsSync(join(folder, 'was-run')) };
    } finally {
      server.close();
    }
  }
  const stopped = {
    variables: undefined,
    detail: expect.stringMatching(/does not run: start it with `npx convex dev`/),
    wasRun: false,
  };
  const asked = { variables: { A: 'b' }, detail: '1 variable', wasRun: true };
  const linked = 'CONVEX_DEPLOYMENT=local:local-app # team: a, project: b\n';

  it.each([
    ['does not run', states['in the project'], linked, undefined, undefined, stopped],
    ['does not run, in the home', states['in the home'], linked, undefined, undefined, stopped],
    [
      'is nobody’s, and does not run',
      states.anonymous,
      'CONVEX_DEPLOYMENT=anonymous:anonymous-app\n',
      undefined,
      undefined,
      stopped,
    ],
    ['was never here', 'elsewhere.json', linked, undefined, undefined, stopped],
    ['has a port that is none', states['in the project'], linked, undefined, config({ cloud: 'x' }), stopped],
    ['is another than the one that runs', states['in the project'], linked, 'local-other', undefined, stopped],
    ['runs', states['in the project'], linked, 'local-app', undefined, asked],
    ['runs, in the home', states['in the home'], linked, 'local-app', undefined, asked],
    [
      'is not the one that is named',
      states['in the project'],
      'CONVEX_DEPLOYMENT=dev:happy-otter-1\n',
      undefined,
      undefined,
      asked,
    ],
    [
      'is not the one of the deploy key',
      states['in the project'],
      `${linked}CONVEX_DEPLOY_KEY=prod:happy-otter-1|x\n`,
      undefined,
      undefined,
      asked,
    ],
  ])(
    'is asked only where it runs, since the CLI would start it: one that %s',
    async (_, file, env, named, text, expected) => {
      expect(await askLocal(file, env, named, text)).toEqual(expected);
    },
  );
});

const git = (cwd: string, ...args: string[]): void =>
  void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, stdio: 'ignore' });
/** Leaves a file where it was started. */
const evil = `require('node:fs').writeFileSync('was-run', ''); console.log('A=b');`;

describe('what a repository may have brought', () => {
  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'a package that is in git',
      (folder) => {
        git(folder, 'init', '--quiet');
        git(folder, 'add', '--force', 'node_modules');
      },
      /is in git/,
    ],
    [
      'a package that is in the git of a submodule',
      (folder) => {
        const convex = join(folder, 'node_modules/convex');
        git(folder, 'init', '--quiet');
        git(convex, 'init', '--quiet');
        git(convex, 'add', '.');
      },
      /is in git/,
    ],
    [
      'a link to what is in git',
      (folder) => {
        renameSync(join(folder, 'node_modules/convex'), join(folder, 'tools'));
        symlinkSync('../tools', join(folder, 'node_modules/convex'), 'junction');
        git(folder, 'init', '--quiet');
        git(folder, 'add', 'tools');
      },
      /is in git/,
    ],
    [
      'a repository that git does not read',
      (folder) => writeFileSync(join(folder, '.git'), 'gitdir: /nowhere'),
      /git does not answer/,
    ],
    [
      'a command outside of the package',
      (folder) => {
        writeFileSync(join(folder, 'evil.js'), evil);
        const manifest = '{ "name": "convex", "bin": { "convex": "../../evil.js" } }';
        writeFileSync(join(folder, 'node_modules/convex/package.json'), manifest);
      },
      /is not that package/,
    ],
    [
      'a link out of the package',
      (folder) => {
        writeFileSync(join(folder, 'evil.js'), evil);
        rmSync(join(folder, 'node_modules/convex/bin/main.js'));
        symlinkSync('../../../evil.js', join(folder, 'node_modules/convex/bin/main.js'));
      },
      /is not that package/,
    ],
    [
      'a package of another name',
      (folder) =>
        writeFileSync(join(folder, 'node_modules/convex/package.json'), '{ "name": "x", "bin": "bin/main.js" }'),
      /is not that package/,
    ],
  ])('is not run: %s', async (_, change, why) => {
    const folder = projectWith(evil);
    change(folder);
    const { variables, steps } = await askAt(folder);
    expect([variables, existsSync(join(folder, 'was-run'))]).toEqual([undefined, false]);
    expect(steps).toEqual([['convex-env', 'skipped', expect.stringMatching(why)]]);
  });

  it('is run where git ignores it, as what was installed is', async () => {
    const folder = projectWith(evil);
    writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
    git(folder, 'init', '--quiet');
    git(folder, 'add', '.');
    expect((await askAt(folder)).variables).toEqual({ A: 'b' });
  });
});

it('gets what it needs of the environment, and no more', async () => {
  const folder = projectWith(`for (const name in process.env) console.log(name + '=' + process.env[name]);`);
  writeFileSync(join(folder, 'evil.cjs'), evil);
  const processEnv = {
    NODE_OPTIONS: `--require ${join(folder, 'evil.cjs')}`,
    CLERK_SECRET_KEY: 'sk_test_x',
    CONVEX_DEPLOY_KEY: 'x',
    HOME: folder,
    https_proxy: 'http://127.0.0.1:1',
  };
  const { variables } = await askAt(folder, { processEnv });
  expect(variables).toMatchObject({ CONVEX_DEPLOY_KEY: 'x', HOME: folder, https_proxy: 'http://127.0.0.1:1' });
  expect(Object.keys(variables ?? {})).not.toEqual(expect.arrayContaining(['CLERK_SECRET_KEY']));
  expect([variables?.NODE_OPTIONS, existsSync(join(folder, 'was-run'))]).toEqual([undefined, false]);
});

it('says why there is nothing when the folder is not there', async () => {
  const { variables, steps } = await askAt(join(tmpdir(), 'doctor-nowhere'));
  expect([variables, steps.at(-1)?.[1]]).toEqual([undefined, 'skipped']);
});
