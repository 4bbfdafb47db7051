import type { Check } from '../check.ts';
import { checkBackendApi } from './network/checkBackendApi.ts';
import { checkConvex } from './network/checkConvex.ts';
import { checkFrontendApi } from './network/checkFrontendApi.ts';
import { checkIdentityProvider } from './network/checkIdentityProvider.ts';
import { checkIncidents } from './network/checkIncidents.ts';
import { checkMachineClock } from './network/checkMachineClock.ts';
import { checkWebhook } from './network/checkWebhook.ts';
import { withoutNetwork } from './network/withoutNetwork.ts';

/** What was asked of the network. */
export const networkChecks: readonly Check[] = [
  withoutNetwork([checkFrontendApi, checkConvex, checkIdentityProvider, checkWebhook]),
  checkBackendApi,
  checkIncidents,
  checkMachineClock,
];
