import fc from 'fast-check';
import { describe, it } from 'vitest';
import { retryPolicies } from './policy.ts';
import { tokenMachineKeepsItsPromises } from './tokenMachine.property.ts';
import { createTokenMachine } from './tokenMachine.ts';

const policy = retryPolicies.session;
const numRuns = 10_000;

describe('tokenMachine, whatever happens in whatever order', () => {
  it('keeps its promises', () => {
    fc.assert(tokenMachineKeepsItsPromises(createTokenMachine(policy), policy), { numRuns });
  });
});
