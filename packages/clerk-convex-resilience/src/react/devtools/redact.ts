/** A JWT, or any part of one that begins with a JSON object; and what has three long parts like one. */
const tokens = /eyJ[\w-]{8,}(?:\.[\w-]*)*|[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}/g;
const emails = /[^\s"'<>()[\]|`,;:=/?&]+@[^\s"'<>()[\]|`,;:=/?&]+\.[a-z]{2,}/gi;
/** What follows the path of a URL, and Clerk's keys. */
const queries = /(\b[a-z][a-z+.-]*:\/\/[^\s?#"'`]*)[?#][^\s"'`)]*/gi;
const keys = /\b(?:pk|sk|whsec)_[\w-]{6,}/g;

export const withoutTokens = (text: string): string => text.replace(tokens, '[token]');

/** A text that may be given to anybody. What it is made of holds no secret by design: this is the second lock on that door. */
export const redact = (text: string): string =>
  withoutTokens(text).replace(queries, '$1').replace(emails, '[email]').replace(keys, '[key]');

/** Enough of an id to tell two of them apart, and too little to look anybody up: `user_2ab…`. */
export function shortened(id: string): string {
  const [, kind = '', rest = ''] = /^([a-z]{1,8}_)?(.*)$/s.exec(id) ?? [];
  return rest.length > 3 ? `${kind}${rest.slice(0, 3)}…` : `${kind}…`;
}
