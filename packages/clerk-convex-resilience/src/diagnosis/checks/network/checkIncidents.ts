import type { Check } from '../../check.ts';
import { finding } from '../../findings.ts';
import { show } from '../show.ts';

/** More of them at once are one great outage. */
const most = 5;

/** What Clerk's status page says of itself. */
export const checkIncidents: Check = ({ network }) =>
  (network?.incidents ?? []).slice(0, most).map((title) => finding('CLERK_INCIDENT', { title: show(title) }));
