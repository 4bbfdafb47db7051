import { asIssuer } from '../../config/clerkIssuer.ts';
import { parsePublishableKey } from '../../config/publishableKey.ts';
import { redactStart } from './show.ts';

const longest = 2000;

/** One spelling of an issuer, of bounded length: slashes at the end and a scheme that is left out make no difference to Convex. */
const spelled = (issuer: string): string => asIssuer(issuer.slice(0, longest));

export const isSameIssuer = (a: string, b: string): boolean => spelled(a) === spelled(b);

/**
 * The host of an issuer, a URL or a host, with its port; undefined where it is none. It is redacted before it is read: in
 * lower case a token is not known for one.
 */
export function hostOf(address: string | undefined): string | undefined {
  try {
    return address ? new URL(spelled(redactStart(address, longest))).host : undefined;
  } catch {
    return undefined;
  }
}

/** The Frontend API that a publishable key names. */
export const frontendApiOf = (publishableKey: string | undefined): string | undefined =>
  publishableKey === undefined ? undefined : parsePublishableKey(publishableKey)?.frontendApi;

/** What Clerk writes into `iss`. */
export const issuerOfKey = (publishableKey: string | undefined): string | undefined => {
  const host = frontendApiOf(publishableKey);
  return host === undefined ? undefined : `https://${host}`;
};
