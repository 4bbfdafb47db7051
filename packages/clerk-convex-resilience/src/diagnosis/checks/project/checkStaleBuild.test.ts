import { expect, it } from 'vitest';
import { checkStaleBuild } from './checkStaleBuild.ts';
import { cleanProject } from './testProject.ts';

it('finds a build that is older than the keys', () => {
  const staleBuild = { folder: 'apps/web/.next', file: 'apps/web/.env.local' };
  expect(checkStaleBuild({ project: cleanProject('next') })).toEqual([]);
  expect(checkStaleBuild({ project: { ...cleanProject('next'), staleBuild } })).toEqual([
    expect.objectContaining({ code: 'STALE_BUILD_CACHE', args: staleBuild, at: 'apps/web/.next' }),
  ]);
});
