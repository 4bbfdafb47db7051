import { expect, it } from 'vitest';
import type { EnvFile, ProjectEvidence } from '../../evidence.ts';
import { checkTrackedSecrets } from './checkTrackedSecrets.ts';
import { cleanProject } from './testProject.ts';

type SecretInFile = ProjectEvidence['secretsInFiles'][number];
const file = '.env.local';
const shown = 'sk_test_… (50 characters)';
const inDocument: SecretInFile = { at: 'README.md:3', kind: 'secret_key', shown };
const inEnvFile: SecretInFile = { at: `${file}:4`, kind: 'secret_key', shown };
const inAnother: SecretInFile = { at: `${file}.bak:4`, kind: 'webhook_secret', shown: 'whsec_… (38 characters)' };

it.each<[string, EnvFile, readonly SecretInFile[], readonly string[]]>([
  ['ignored', { file, hasSecrets: true, git: 'ignored' }, [], []],
  ['without secrets', { file, hasSecrets: false, git: 'tracked' }, [], []],
  ['in no repository', { file, hasSecrets: true }, [], []],
  ['not ignored', { file, hasSecrets: true, git: 'untracked' }, [], ['ENV_FILE_NOT_IGNORED']],
  ['tracked', { file, hasSecrets: true, git: 'tracked' }, [], ['ENV_FILE_NOT_IGNORED']],
  ['tracked, its secrets listed', { file, hasSecrets: true, git: 'tracked' }, [inEnvFile], ['SECRET_IN_TRACKED_FILE']],
  [
    'tracked, secrets of others listed',
    { file, hasSecrets: true, git: 'tracked' },
    [inDocument, inAnother],
    ['SECRET_IN_TRACKED_FILE', 'SECRET_IN_TRACKED_FILE', 'ENV_FILE_NOT_IGNORED'],
  ],
])('an env file that is %s', (_name, envFile, secretsInFiles, expected) => {
  const project = { ...cleanProject(), envFiles: [envFile], secretsInFiles };
  expect(checkTrackedSecrets({ project }).map(({ code }) => code)).toEqual(expected);
});

it.each<[EnvFile['git'], object]>([
  ['tracked', { severity: 'error', args: { file, isTracked: true } }],
  ['untracked', { severity: 'warning', args: { file } }],
])('tells an env file that is %s by what has come of it', (git, expected) => {
  const envFiles: EnvFile[] = [{ file, hasSecrets: true, ...(git && { git }) }];
  expect(checkTrackedSecrets({ project: { ...cleanProject(), envFiles } })).toEqual([
    expect.objectContaining(expected),
  ]);
});

it('says where, and how the secret begins', () => {
  const project = { ...cleanProject(), secretsInFiles: [inDocument] };
  expect(checkTrackedSecrets({ project })).toEqual([
    expect.objectContaining({ args: { kind: 'secret_key', seen: shown }, at: 'README.md:3' }),
  ]);
});
