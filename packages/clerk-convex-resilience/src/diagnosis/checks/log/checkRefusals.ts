import type { Check } from '../../check.ts';
import { finding } from '../../findings.ts';
import { frontendApiIn } from '../frontendApiIn.ts';
import { judgeRefusal } from '../refusal/judgeRefusal.ts';
import { readRefusal } from '../refusal/readRefusal.ts';

/** Of a log that says the same for days, this many different texts are looked at. */
const most = 50;

/** What the deployment said of tokens that are gone: the text alone. */
export const checkRefusals: Check = (evidence) => {
  const host = frontendApiIn(evidence);
  const texts = [...new Set(evidence.log?.refusals ?? [])].slice(0, most);
  return texts.flatMap((text) =>
    readRefusal(text)?.reason === 'not_verified'
      ? [finding('TOKEN_SIGNATURE_MISMATCH', { isUnsure: true }, undefined, 'warning')]
      : judgeRefusal(text, { issuer: host && `https://${host}` }),
  );
};
