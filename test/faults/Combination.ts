import type { FaultId } from './faultKinds.ts';

/** What the user is doing when the fault comes. */
export const whens = [
  'before_clerk_js',
  'while_clerk_loads',
  'first_token',
  'scheduled_refresh',
  're_authentication',
  'org_switch',
  'sleep',
  'bfcache',
  'hidden',
  'sign_out',
] as const;
export type When = (typeof whens)[number];

/** How long a fault lasts: so many requests, or so long. `210s` is longer than the 162 s for which clerk-js tries. */
export const lastings = ['once', 'three_times', '10s', '45s', '210s'] as const;
export type Lasts = (typeof lastings)[number];

/** Two words for what may meet: one row of the matrix. */
export interface Combination {
  readonly when: When;
  readonly fault: FaultId;
  readonly lasts: Lasts;
}

export const idOf = ({ when, fault, lasts }: Combination): string => `${when}/${fault}/${lasts}`;
