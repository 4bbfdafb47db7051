import type { Check } from '../../check.ts';
import { clockSkew } from '../clockSkew.ts';

export const checkDeviceClock: Check = ({ runtime }) => clockSkew(runtime?.clockAheadMs);
