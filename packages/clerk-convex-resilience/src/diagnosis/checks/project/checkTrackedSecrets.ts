import { onProject } from './onProject.ts';
import { fileOf, tell } from './tell.ts';

/** Secrets in what git tracks, or will with the next `git add .`. An env file whose secrets are listed one by one is not listed too. */
export const checkTrackedSecrets = onProject(({ envFiles, secretsInFiles }) => {
  const listed = new Set(secretsInFiles.map(({ at }) => fileOf(at)));
  return [
    ...secretsInFiles.map(({ at, kind, shown }) => tell('SECRET_IN_TRACKED_FILE', { kind, seen: shown }, at)),
    ...envFiles
      .filter(({ file, hasSecrets, git }) => hasSecrets && git && git !== 'ignored' && !listed.has(file))
      .map(({ file }) => tell('ENV_FILE_NOT_IGNORED', { file }, file)),
  ];
});
