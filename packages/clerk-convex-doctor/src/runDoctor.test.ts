import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deploymentOf } from './runDoctor.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

it('asks a deployment that several apps share once, and tells each of them', async () => {
  const convexPackage = temporaryFolder({
    'node_modules/convex/package.json': '{ "name": "convex", "bin": "cli.js" }',
    'node_modules/convex/cli.js': `require('node:fs').appendFileSync('asked', '.'); console.log('A=b');`,
  });
  const told: string[] = [];
  const { deploymentEnv } = deploymentOf({
    root: convexPackage,
    processEnv: {},
    onStep: ({ status, detail }) => told.push(`${status} ${detail}`),
  });
  const ask = (where: string, named?: Readonly<Record<string, string>>) =>
    deploymentEnv?.({ app: where, where, convexPackage, ...(named && { named }) });
  for (const where of ['apps/admin', 'apps/web']) expect(await ask(where)).toEqual({ A: 'b' });
  expect(told).toEqual(['apps/admin', 'apps/web'].flatMap((app) => [`started ${app}`, `done ${app}: 1 variable`]));
  expect(readFileSync(join(convexPackage, 'asked'), 'utf8')).toBe('.');
  // That of an env file is another.
  await ask('apps/web', { CONVEX_DEPLOYMENT: 'prod:calm-otter-2' });
  expect(readFileSync(join(convexPackage, 'asked'), 'utf8')).toBe('..');
});
