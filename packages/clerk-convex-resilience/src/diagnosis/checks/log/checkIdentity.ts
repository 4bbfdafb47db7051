import type { Check } from '../../check.ts';
import { finding } from '../../findings.ts';
import { show } from '../show.ts';

/** A function ran as nobody: a symptom, said only where nothing is known of the cause (`withoutFollowUps`). */
export const checkIdentity: Check = ({ log }) => {
  const [first] = log?.withoutIdentity ?? [];
  if (log === undefined || first === undefined) return [];
  return [finding('FUNCTION_RAN_WITHOUT_IDENTITY', { seen: show(first), times: log.withoutIdentity.length })];
};
