import { it } from 'vitest';

export type Major = 5 | 6;

/** `MAJORS=both`: every row is to be played under both majors. */
export const bothMajors = process.env.MAJORS === 'both';

/**
 * Which rows of a table are played under a clerk-js major: every other one, so that each row is played once and each major
 * meets half of them. For rows that the major makes no difference to. `MAJORS=both` plays all of them under both.
 */
export const inTurn = <T>(rows: readonly T[], major: Major): readonly T[] =>
  bothMajors ? rows : rows.filter((_, at) => at % 2 === (major === 5 ? 0 : 1));

/** `it` for the tests of a suite that is played under each major: of those made with it every other one is, as of rows. */
export function takeTurns(major: Major): (name: string, run: () => Promise<void>) => void {
  let isTurn = major === 5;
  return (name, run) => {
    if (isTurn || bothMajors) it(name, run);
    isTurn = !isTurn;
  };
}

/** Which majors one of several engines, or situations, is played under: one each, in turn. */
export const majorsIn = (at: number): readonly Major[] => (bothMajors ? [5, 6] : [at % 2 === 0 ? 5 : 6]);
