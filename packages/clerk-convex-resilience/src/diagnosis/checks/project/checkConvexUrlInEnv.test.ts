import { expect, it } from 'vitest';
import type { ProjectEvidence } from '../../evidence.ts';
import { checkConvexUrlInEnv } from './checkConvexUrlInEnv.ts';
import { cleanProject, withEnv, withSource } from './testProject.ts';

const url = 'VITE_CONVEX_URL';
const clean = cleanProject();
const withUrl = (value: string, deployment?: string): ProjectEvidence =>
  withEnv(withEnv(clean, url, value), 'CONVEX_DEPLOYMENT', deployment);
const reading = (...readsEnv: readonly string[]): ProjectEvidence =>
  withSource(withEnv(clean, url, undefined), { readsEnv });
const otter = 'https://happy-otter-123.convex.cloud';

it.each<[string, ProjectEvidence, readonly string[]]>([
  ['missing', reading(url), ['CONVEX_URL_MISSING']],
  ['blank', withUrl(' '), ['CONVEX_URL_MISSING']],
  ['missing under the second name too', reading(url, 'CONVEX_URL'), ['CONVEX_URL_MISSING']],
  ['there under the second name', withEnv(reading(url, 'CONVEX_URL'), 'CONVEX_URL', otter), []],
  ['not read by anything', reading('VITE_CONVEX_SITE_URL', 'VITE_OTHER'), []],
  ['malformed, though the code that reads it was not found', withEnv(reading(), url, 'oops'), ['CONVEX_URL_MALFORMED']],
  ['no URL', withUrl('happy-otter-123'), ['CONVEX_URL_MALFORMED']],
  ['without a scheme', withUrl('happy-otter-123.convex.cloud'), ['CONVEX_URL_MALFORMED']],
  ['of HTTP actions', withUrl('https://happy-otter-123.convex.site'), ['CONVEX_URL_MALFORMED']],
  ['local', withUrl('http://127.0.0.1:3210', 'local:local-team-app'), []],
  ['of the deployment', withUrl(otter, 'dev:happy-otter-123'), []],
  ['of the deployment, with a slash', withUrl(`${otter}/`, 'dev:happy-otter-123'), []],
  [
    'of the deployment, in a region',
    withUrl('https://happy-otter-123.eu-west-1.convex.cloud', 'dev:happy-otter-123'),
    [],
  ],
  ['of another deployment', withUrl(otter, 'dev:quiet-fox-7'), ['CONVEX_URL_OF_ANOTHER_DEPLOYMENT']],
  ['of another deployment, without its kind', withUrl(otter, 'quiet-fox-7'), ['CONVEX_URL_OF_ANOTHER_DEPLOYMENT']],
  ['a domain of one’s own', withUrl('https://api.example.com', 'prod:quiet-fox-7'), []],
  ['beside a local deployment', withUrl(otter, 'anonymous:anonymous-app'), []],
  ['beside no deployment', withUrl(otter), []],
  [
    'of production beside the development deployment',
    { ...withUrl('https://quiet-fox-7.convex.cloud', 'dev:happy-otter-123'), isProduction: true },
    [],
  ],
  [
    'of another deployment than production’s',
    { ...withUrl(otter, 'prod:quiet-fox-7'), isProduction: true },
    ['CONVEX_URL_OF_ANOTHER_DEPLOYMENT'],
  ],
])('a URL that is %s', (_name, project, expected) => {
  expect(checkConvexUrlInEnv({ project }).map(({ code }) => code)).toEqual(expected);
});

it('may be set by the command that deploys, where a build for production lacks it', () => {
  const project = reading(url);
  const severities = [false, true].map(
    (isProduction) => checkConvexUrlInEnv({ project: { ...project, isProduction } })[0]?.severity,
  );
  expect(severities).toEqual(['error', 'warning']);
});

it('shows both deployments, in the same region', () => {
  const project = withUrl('https://happy-otter-123.eu-west-1.convex.cloud', 'dev:quiet-fox-7');
  expect(checkConvexUrlInEnv({ project })).toEqual([
    expect.objectContaining({
      args: {
        name: url,
        seen: 'https://happy-otter-123.eu-west-1.convex.cloud',
        expected: 'https://quiet-fox-7.eu-west-1.convex.cloud',
      },
      at: '.env.local:2',
    }),
  ]);
});

it('shows what is malformed only when it can be no key', () => {
  const seen = (value: string) => checkConvexUrlInEnv({ project: withUrl(value) })[0]?.args;
  expect(seen('happy-otter-123.convex.cloud')).toEqual({ name: url, seen: 'happy-otter-123.convex.cloud' });
  expect(seen('dev:happy-otter-123|eyJ2MiI6ImE5YzQ')).toEqual({ name: url, seen: '… (35 characters)' });
});

it('finds the blank line', () => {
  expect(checkConvexUrlInEnv({ project: withUrl('') })[0]?.at).toBe('.env.local:2');
});
