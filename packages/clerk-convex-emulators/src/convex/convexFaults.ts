import type { FaultPlan } from '../faults/createFaultPlan.ts';
import type { Fault, FaultAction, Faults } from '../faults/fault.ts';

/** What a fault that only one kind of message can suffer is about: else other requests would use it up. */
const defaultMatches: Partial<Record<FaultAction['type'], string>> = {
  reject_authenticate: 'MESSAGE Authenticate',
  refuse_upgrade: 'CONNECT ',
};

/** The plan as its user sees it: `reject_authenticate` without a match means Authenticate, and so on. */
export function withDefaultMatches(plan: FaultPlan): Faults {
  return {
    add(fault: Fault) {
      const type = typeof fault?.action === 'string' ? fault.action : fault?.action?.type;
      const match = defaultMatches[type];
      return plan.add(match !== undefined && fault.match === undefined ? { ...fault, match } : fault);
    },
    clear: () => plan.clear(),
    get active() {
      return plan.active;
    },
    get fired() {
      return plan.fired;
    },
  };
}
