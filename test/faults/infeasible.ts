import { type Lasts, type When, whens } from './Combination.ts';
import { type FaultId, faultKinds } from './faultKinds.ts';

interface Rule {
  /** @defaultValue any */
  readonly lasts?: Lasts;
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
  {
    when: ['re_authentication'],
    applies: (fault) => fault === 'disconnected',
    why: 'Without a network no AuthError arrives; `network_changed` and `name_not_resolved` come at this moment.',
  },
  {
    when: whens,
    lasts: 'three_times',
    applies: (fault) => fault === 'disconnected',
    why: 'Who knows that there is no network does not ask three times: `once` and `10s` have the same fault.',
  },
];

/** Why a fault cannot meet this moment, or last so long; undefined: it can. */
export function whyInfeasible(when: When, fault: FaultId, lasts?: Lasts): string | undefined {
  return rules.find(
    (rule) => rule.when.includes(when) && rule.applies(fault) && (rule.lasts === undefined || rule.lasts === lasts),
  )?.why;
}

/** How long a fault lasts in a row that would have it last so long: 10 s where that cannot be. */
export const feasibleLasts = (when: When, fault: FaultId, lasts: Lasts): Lasts =>
  whyInfeasible(when, fault, lasts) === undefined ? lasts : '10s';

/** Every pair of a moment and a fault that can happen. */
export const feasiblePairs = (Object.keys(faultKinds) as FaultId[]).flatMap((fault) =>
  whens.filter((when) => whyInfeasible(when, fault) === undefined).map((when) => ({ when, fault })),
);
