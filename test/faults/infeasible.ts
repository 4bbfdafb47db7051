import { type When, whens } from './Combination.ts';
import { type FaultId, faultKinds } from './faultKinds.ts';

interface Rule {
  readonly when: readonly When[];
  readonly applies: (fault: FaultId) => boolean;
  readonly why: string;
}

const needs =
  (...what: ReadonlyArray<(typeof faultKinds)[FaultId]['needs']>) =>
  (fault: FaultId): boolean =>
    what.includes(faultKinds[fault].needs);

/** Combinations that cannot happen, with the reason: they are no part of what must be covered. */
const rules: readonly Rule[] = [
  {
    when: ['before_clerk_js'],
    applies: needs('token'),
    why: 'Nobody asks for a token before clerk-js is there; `while_clerk_loads` has the same fault.',
  },
  {
    when: ['before_clerk_js', 'while_clerk_loads'],
    applies: needs('authenticate'),
    why: 'Convex gets no token before Clerk has loaded; `first_token` has the same fault.',
  },
];

/** Why a fault cannot meet this moment; undefined: it can. */
export function whyInfeasible(when: When, fault: FaultId): string | undefined {
  return rules.find((rule) => rule.when.includes(when) && rule.applies(fault))?.why;
}

/** Every pair of a moment and a fault that can happen. */
export const feasiblePairs = (Object.keys(faultKinds) as FaultId[]).flatMap((fault) =>
  whens.filter((when) => whyInfeasible(when, fault) === undefined).map((when) => ({ when, fault })),
);
