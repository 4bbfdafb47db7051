import { type Replace, replaceSecrets } from '../../diagnosis/redact.ts';

const named: Replace = (kind) => (kind === 'query' ? '' : `[${kind}]`);

export const withoutTokens = (text: string): string => replaceSecrets(text, named, ['token']);

/** Which instance it is; what is given to anybody need not say that. */
const publishableKeys = /\bpk_[\w-]{6,}/g;

/** A text that may be given to anybody. What it is made of holds no secret by design: this is the second lock on that door. */
export const redact = (text: string): string => replaceSecrets(text, named).replace(publishableKeys, '[key]');

/** Enough of an id to tell two of them apart, and too little to look anybody up: `user_2ab…`. */
export function shortened(id: string): string {
  const [, kind = '', rest = ''] = /^([a-z]{1,8}_)?(.*)$/s.exec(id) ?? [];
  return rest.length > 3 ? `${kind}${rest.slice(0, 3)}…` : `${kind}…`;
}
