import type { CleanProject } from './CleanProject.ts';
import { expo } from './expo.ts';
import { monorepo } from './monorepo.ts';
import { next, nextOlder } from './next.ts';
import { plain } from './plain.ts';
import { tanstackStart } from './tanstackStart.ts';
import { vite, viteResilient } from './vite.ts';

/** Every framework, both majors of Clerk, Convex's own provider and this library's. */
export const cleanProjects: readonly CleanProject[] = [
  vite,
  viteResilient,
  next,
  nextOlder,
  expo,
  tanstackStart,
  plain,
  monorepo,
];
