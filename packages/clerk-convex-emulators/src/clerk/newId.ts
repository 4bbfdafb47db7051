import { randomInt } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An id as Clerk's look: `user_` and 27 letters or digits. */
export function newId(prefix: string): string {
  let id = prefix;
  for (let index = 0; index < 27; index++) id += alphabet[randomInt(alphabet.length)];
  return id;
}
