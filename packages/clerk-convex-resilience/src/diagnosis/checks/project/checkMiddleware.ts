import { onProject } from './onProject.ts';
import { usesClerkOnServer } from './packageUse.ts';
import { tell } from './tell.ts';

/** Where Clerk's package for Next.js or TanStack Start runs: its middleware is there, once, and used. */
export const checkMiddleware = onProject((project) => {
  const { middleware, source } = project;
  if (!middleware || !usesClerkOnServer(project)) return [];
  const { files, expected, usesClerk, passedOver: found, leftOut } = middleware;
  const [file] = files;
  // What nothing asks, nobody misses: today it works without.
  const isMissed = source.usesServerAuth !== false;
  if (file === undefined) {
    const args = { expected, ...(found !== undefined && { found }) };
    return [tell('MIDDLEWARE_MISSING', args, found, isMissed ? 'error' : 'warning')];
  }
  const old = files.find((each) => /(?:^|\/)middleware\.\w+$/.test(each));
  const isNew = files.some((each) => /(?:^|\/)proxy\.\w+$/.test(each));
  return [
    ...(old !== undefined && isNew ? [tell('MIDDLEWARE_AND_PROXY', { files: files.join(', ') }, old)] : []),
    ...(usesClerk ? [] : [tell('MIDDLEWARE_WITHOUT_CLERK', { file }, file)]),
    ...(usesClerk && leftOut
      ? [tell('MIDDLEWARE_MISSING', { expected: file, path: leftOut.path }, leftOut.at, 'warning')]
      : []),
  ];
});
