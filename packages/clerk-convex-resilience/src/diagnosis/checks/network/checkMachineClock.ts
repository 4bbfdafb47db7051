import type { Check } from '../../check.ts';
import { clockSkew } from '../clockSkew.ts';

export const checkMachineClock: Check = ({ network }) => clockSkew(network?.clockAheadMs);
