/** What of the list has no result, in the words of `missingIn`: each that is played comes off. */
export const notPlayed: readonly string[] = [
  'keys, next15-clerk7: next dev: no keys; a malformed publishable key; a malformed secret key; one of another kind',
  'next dev, next15.2-clerk7',
  'keys, next15.2-clerk7: next dev: no keys; a malformed publishable key; a malformed secret key; one of another kind',
];
