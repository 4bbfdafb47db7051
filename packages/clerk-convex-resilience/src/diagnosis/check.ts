import type { Evidence } from './evidence.ts';
import type { Finding } from './findings.ts';

/** Looks at what is known and says what is wrong. Pure: the same evidence gives the same findings. */
export type Check = (evidence: Evidence) => readonly Finding[];
