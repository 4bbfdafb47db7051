import { onProject } from './onProject.ts';
import { fileOf, tell } from './tell.ts';

/**
 * Secrets in what git tracks, which is an error, or will with the next `git add .`, which is a warning still. An env file whose secrets are listed one by one is not
 * listed too.
 */
export const checkTrackedSecrets = onProject(({ envFiles, secretsInFiles }) => {
  const listed = new Set(secretsInFiles.map(({ at }) => fileOf(at)));
  return [
    ...secretsInFiles.map(({ at, kind, shown }) => tell('SECRET_IN_TRACKED_FILE', { kind, seen: shown }, at)),
    ...envFiles
      .filter(({ file, hasSecrets, git }) => hasSecrets && git && git !== 'ignored' && !listed.has(file))
      .map(({ file, git }) =>
        git === 'tracked'
          ? tell('ENV_FILE_NOT_IGNORED', { file, isTracked: true }, file, 'error')
          : tell('ENV_FILE_NOT_IGNORED', { file }, file),
      ),
  ];
});
