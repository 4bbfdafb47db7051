import type { Step } from '../../types.ts';

/** What is asked of the network, in the order in which it is listed. The ids are stable. */
export const networkSteps = [
  { id: 'convex-env', title: 'Environment of the Convex deployment' },
  { id: 'frontend-api', title: "Clerk's Frontend API" },
  { id: 'identity-provider', title: 'Identity provider' },
  { id: 'convex', title: 'Convex deployment' },
  { id: 'webhook', title: 'Webhook endpoint' },
  { id: 'backend-api', title: "Clerk's Backend API" },
  { id: 'clock', title: 'Clock' },
  { id: 'status-page', title: "Clerk's status page" },
] as const satisfies readonly Pick<Step, 'id' | 'title'>[];

export type NetworkStepId = (typeof networkSteps)[number]['id'];

/** Why a question is not asked with `--offline`. */
export const offlineReason = 'Offline: nothing is asked.';

/** A step of this group, as `onStep` is told of it. */
export function networkStep(id: NetworkStepId, status: Step['status'], detail?: string): Step {
  const title = networkSteps.find((step) => step.id === id)?.title ?? id;
  return { id, group: 'network', title, status, ...(detail !== undefined && { detail }) };
}
