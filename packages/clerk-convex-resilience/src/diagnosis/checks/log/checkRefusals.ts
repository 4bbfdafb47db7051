import type { Check } from '../../check.ts';
import { frontendApiIn } from '../frontendApiIn.ts';
import { judgeRefusal } from '../refusal/judgeRefusal.ts';

/** Of a log that says the same for days, this many different texts are looked at. */
const most = 50;

/** What the deployment said of tokens that are gone: the text alone. */
export const checkRefusals: Check = (evidence) => {
  const host = frontendApiIn(evidence);
  const texts = [...new Set(evidence.log?.refusals ?? [])].slice(0, most);
  return texts.flatMap((text) => judgeRefusal(text, { issuer: host && `https://${host}` }));
};
