import { onProject } from './onProject.ts';
import { tell } from './tell.ts';

/** A build that was made before the keys were changed still holds the old ones. */
export const checkStaleBuild = onProject(({ staleBuild }) =>
  staleBuild
    ? [tell('STALE_BUILD_CACHE', { folder: staleBuild.folder, file: staleBuild.file }, staleBuild.folder)]
    : [],
);
