import type { Check } from '../../check.ts';
import { finding } from '../../findings.ts';
import { lifetimeOf, neededSeconds } from '../claims.ts';

/** A token that ends before it can be renewed is refused sooner or later, whatever else is right. */
export const checkLifetime: Check = ({ runtime }) => {
  const seconds = runtime?.claims && lifetimeOf(runtime.claims);
  return seconds !== undefined && seconds < neededSeconds
    ? [finding('TOKEN_LIFETIME_TOO_SHORT', { seconds, neededSeconds })]
    : [];
};
