import { expect, it } from 'vitest';
import type { NetworkEvidence } from '../../evidence.ts';
import { checkBackendApi } from '../network/checkBackendApi.ts';
import { checkTemplates } from './checkTemplates.ts';
import { cleanProject, withSource } from './testProject.ts';

const projectAsking = (...names: readonly string[]) =>
  withSource(cleanProject(), { templates: names.map((name, index) => ({ name, at: `src/a.ts:${index + 1}` })) });
const knowing = (...names: readonly string[]): NetworkEvidence => ({
  backendApi: {
    status: 200,
    integration: false,
    templates: names.map((name) => ({ name, aud: 'convex', lifetime: 60 })),
  },
});
const seen = (names: readonly string[], network?: NetworkEvidence) =>
  checkTemplates({ project: projectAsking(...names), ...(network && { network }) }).map(({ at }) => at);

it.each<[string, readonly string[], NetworkEvidence | undefined, readonly string[]]>([
  ['its name', ['convex'], undefined, []],
  ['its name in capitals', ['convex', 'Convex'], undefined, ['src/a.ts:2']],
  ['its name with a space', ['convex '], undefined, ['src/a.ts:1']],
  ['another, which may be there', ['convex-dev', 'supabase'], undefined, []],
  ['another, which is there', ['convex-dev', 'Convex'], knowing('convex-dev', 'Convex'), []],
  ['another, which is not there', ['convex-dev', 'supabase'], knowing('convex'), ['src/a.ts:1']],
  [
    'another, and the keys are of another instance',
    ['convex-dev'],
    { backendApi: { templates: [], sameInstance: false } },
    [],
  ],
])('code that asks for %s', (_name, names, network, expected) => {
  expect(seen(names, network)).toEqual(expected);
});

it('is less sure where no provider of Convex’s is to be seen, and the template may be called so', () => {
  const project = withSource(projectAsking('Convex'), { providers: [] });
  expect(checkTemplates({ project })).toMatchObject([
    { severity: 'warning', args: { seen: '"Convex"', expected: '"convex"' } },
  ]);
  expect(checkTemplates({ project: projectAsking('Convex') })).toMatchObject([{ severity: 'error' }]);
});

it('takes a template by another name for right where the app asks for it in place of Convex’s provider', () => {
  const network = knowing('Convex');
  const own = withSource(projectAsking('Convex'), { providers: [] });
  expect(checkBackendApi({ project: own, network })).toEqual([]);
  expect(checkBackendApi({ project: projectAsking('Convex'), network }).map(({ code }) => code)).toEqual([
    'JWT_TEMPLATE_MISNAMED',
  ]);
});
