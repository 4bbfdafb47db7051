export type Major = 5 | 6;

/** `MAJORS=both`: every row is to be played under both majors. */
export const bothMajors = process.env.MAJORS === 'both';

/**
 * Which rows of a table are played under a clerk-js major: every other one, so that each row is played once and each major
 * meets half of them. For rows that the major makes no difference to. `MAJORS=both` plays all of them under both.
 */
export const inTurn = <T>(rows: readonly T[], major: Major): readonly T[] =>
  bothMajors ? rows : rows.filter((_, at) => at % 2 === (major === 5 ? 0 : 1));

/** Which majors an engine is driven under: one each, in turn. Chromium meets both in the other tests. */
export const majorsIn = (at: number): readonly Major[] => (bothMajors ? [5, 6] : [at % 2 === 0 ? 5 : 6]);
