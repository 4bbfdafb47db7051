// What the issue of the table is: each situation, by the part of docs/next-compared.md that it stands in. By itself, so that
// a test can look for every one of them in the results without starting anything.

/** Those that are the same on `next start` and on `next dev`. */
const onBoth = [
  'a signed-in visitor loads a protected page, walks around and reloads',
  'a preloaded query is in the HTML and stays as it is',
  'a page that is streamed: Convex takes 2.5 s over its query',
  'Convex refuses connections for 2 s: a page whose query is preloaded',
  'Clerk’s Backend API fails for 2 s: a page whose query is preloaded',
  'Convex refuses connections for longer than the server waits: a link to a page whose query is preloaded',
  'Clerk’s Convex integration in place of a JWT template: a page whose query is preloaded',
  'a visitor reads public pages and reloads',
  'Clerk is down at boot: a public page, the session cookie gone',
  'Clerk is down: a signed-in visitor reloads',
  'Clerk is down: a link to a protected page, the session token over',
  'Clerk is down: a deep link to a protected page, the session token over; then a reload',
  'Clerk is down, and the sign-in is recovering: a deep link to a protected page in another tab',
  'the secret key is missing where the app runs: pages, then raw requests to what the guard alone protects',
  'the secret key is malformed where the app runs: pages',
  'the secret key is of another kind of instance than the publishable key: pages',
  'the secret key is of another instance than the publishable key: a signed-in visitor',
  'both keys are of another instance than the session cookies: a visitor who was signed in before the change',
  'Clerk is down, and the page is starting: a link to a protected page',
  'Clerk’s Backend API is down: a server action, and once more when it is mended',
  'Clerk is down, the session token over: a server action, and once more when it is mended',
  'a webhook is delivered, replayed, forged',
  'a sign-out, and a protected page after it',
  'Clerk is down: a sign-out, and a reload; then Clerk is back',
] as const;

/** Raw requests need the pages that a build has for them alone; a satellite domain needs a second app beside the first. */
const onStart = [
  'a satellite domain of the app: pages, with and without its secret key',
  'all is well: raw requests of nobody to what the middleware protects',
  'Clerk is down: raw requests to what the middleware protects, of nobody and with a session token that is over',
] as const;

export const keylessBuild = 'next build without keys; then next start';
export const keysInDev = 'next dev: no keys; a malformed publishable key; a malformed secret key; one of another kind';

/** By the parts of the table. */
export const situations = {
  'next start': [...onBoth, ...onStart],
  'next dev': onBoth,
  keys: [keylessBuild, keysInDev],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Part = keyof typeof situations;
export type Situation = (typeof situations)[Part][number];
