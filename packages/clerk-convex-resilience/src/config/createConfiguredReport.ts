import type { AuthEventBody } from '../core/events.ts';
import { parsePublishableKey } from './publishableKey.ts';

/** Tells which deployment and which Clerk instance a page talks to: each once, as soon as it is known. */
export function createConfiguredReport(
  report: (event: AuthEventBody) => void,
): (convexUrl: string | undefined, publishableKey: string | undefined) => void {
  let lastUrl: string | undefined;
  let lastKey: string | undefined;
  return (convexUrl, publishableKey) => {
    if (convexUrl && convexUrl !== lastUrl) {
      lastUrl = convexUrl;
      // The host alone: a URL may hold more than an address.
      const host = hostOf(convexUrl);
      if (host) report({ type: 'convex_url_configured', host });
    }
    if (publishableKey && publishableKey !== lastKey) {
      lastKey = publishableKey;
      const key = parsePublishableKey(publishableKey);
      if (key) report({ type: 'publishable_key_configured', instance: key.instance, host: key.frontendApi });
    }
  };
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).host;
  } catch {
    return null;
  }
}
