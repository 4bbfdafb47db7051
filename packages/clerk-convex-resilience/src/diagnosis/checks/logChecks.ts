import type { Check } from '../check.ts';
import { checkCodes } from './log/checkCodes.ts';
import { checkDeliveries } from './log/checkDeliveries.ts';
import { checkIdentity } from './log/checkIdentity.ts';
import { checkRefusals } from './log/checkRefusals.ts';
import { checkTokenFailures } from './log/checkTokenFailures.ts';

/** What a log tells. */
export const logChecks: readonly Check[] = [
  checkTokenFailures,
  checkRefusals,
  checkCodes,
  checkDeliveries,
  checkIdentity,
];
