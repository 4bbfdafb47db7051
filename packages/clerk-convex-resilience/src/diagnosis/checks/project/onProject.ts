import type { Check } from '../../check.ts';
import type { Evidence, ProjectEvidence } from '../../evidence.ts';
import type { Finding } from '../../findings.ts';

/** A check of a project's files. It says nothing where nobody has looked at them. */
export const onProject =
  (look: (project: ProjectEvidence, evidence: Evidence) => readonly Finding[]): Check =>
  (evidence) =>
    evidence.project ? look(evidence.project, evidence) : [];
