import type { Check } from '../check.ts';
import { checkBrowser } from './runtime/checkBrowser.ts';
import { checkDeviceClock } from './runtime/checkDeviceClock.ts';
import { checkLifetime } from './runtime/checkLifetime.ts';
import { checkRefusal } from './runtime/checkRefusal.ts';
import { checkSettings } from './runtime/checkSettings.ts';
import { checkTokenRequest } from './runtime/checkTokenRequest.ts';
import { checkVersions } from './runtime/checkVersions.ts';

/** What a page can tell of itself. */
export const runtimeChecks: readonly Check[] = [
  checkTokenRequest,
  checkRefusal,
  checkLifetime,
  checkDeviceClock,
  checkSettings,
  checkBrowser,
  checkVersions,
];
