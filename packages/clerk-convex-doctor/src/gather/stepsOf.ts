import type { Step } from '../types.ts';

type OnStep = (step: Step) => void;

/** Tells of the steps of one app among several, each with its folder. `where`: the folder; empty: there is only one. */
export const stepsOf = (onStep: OnStep | undefined, where: string): OnStep | undefined =>
  onStep && where !== ''
    ? (step) => onStep({ ...step, detail: step.detail === undefined ? where : `${where}: ${step.detail}` })
    : onStep;
