import { onProject } from './onProject.ts';
import { usesClerkOnServer } from './packageUse.ts';
import { tell } from './tell.ts';

/** Where Clerk's package for Next.js or TanStack Start runs: its middleware is there, once, and used. */
export const checkMiddleware = onProject((project) => {
  const { middleware } = project;
  if (!middleware || !usesClerkOnServer(project)) return [];
  const { files, expected, usesClerk } = middleware;
  const [file] = files;
  if (file === undefined) return [tell('MIDDLEWARE_MISSING', { expected })];
  const old = files.find((each) => /(?:^|\/)middleware\.\w+$/.test(each));
  const isNew = files.some((each) => /(?:^|\/)proxy\.\w+$/.test(each));
  return [
    ...(old !== undefined && isNew ? [tell('MIDDLEWARE_AND_PROXY', { files: files.join(', ') }, old)] : []),
    ...(usesClerk ? [] : [tell('MIDDLEWARE_WITHOUT_CLERK', { file }, file)]),
  ];
});
