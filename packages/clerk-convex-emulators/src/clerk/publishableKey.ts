import { createHash } from 'node:crypto';

/** The key from which clerk-js reads where the Frontend API is: `pk_test_` and base64 of `host$`. */
export function toPublishableKey(url: string): string {
  const { hostname, host } = new URL(url);
  // clerk-js refuses a decoded host without a dot (isPublishableKey in @clerk/shared 3.48 and 4.41).
  const decoded = hostname.includes('.') ? host : host.replace(hostname, 'clerk.localhost');
  return `pk_test_${Buffer.from(`${decoded}$`).toString('base64')}`;
}

/** What clerk-js puts after the names of its cookies, so that two instances share a host (cookieSuffix.ts, 5.128 and 6.40). */
export function cookieSuffix(publishableKey: string): string {
  return createHash('sha1').update(publishableKey).digest('base64url').slice(0, 8);
}
