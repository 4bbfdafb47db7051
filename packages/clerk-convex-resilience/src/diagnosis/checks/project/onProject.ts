import type { Check } from '../../check.ts';
import type { ProjectEvidence } from '../../evidence.ts';
import type { Finding } from '../../findings.ts';

/** A check of a project's files. It says nothing where nobody has looked at them. */
export const onProject =
  (look: (project: ProjectEvidence) => readonly Finding[]): Check =>
  ({ project }) =>
    project ? look(project) : [];
