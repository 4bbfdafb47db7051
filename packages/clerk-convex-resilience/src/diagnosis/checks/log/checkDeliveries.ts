import type { Check } from '../../check.ts';
import { finding } from '../../findings.ts';

/** Webhook deliveries whose signature no secret fits: among more that one fits, they are somebody's forgeries. */
export const checkDeliveries: Check = ({ log }) => {
  const { refused, accepted } = log?.deliveries ?? { refused: 0, accepted: 0 };
  if (refused <= accepted) return [];
  return [
    finding('WEBHOOK_SIGNATURE_REFUSED', { times: refused, accepted }, undefined, accepted > 0 ? 'warning' : undefined),
  ];
};
