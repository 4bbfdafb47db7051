import type { ProjectEvidence } from '../evidence.ts';
import { hostOf } from './issuers.ts';

/**
 * Where the app's own proxy of Clerk's Frontend API is, as far as its files say it. The host is absent where only its path is
 * given (`/__clerk`): then it is the app's, wherever that runs.
 */
export interface ClerkProxy {
  readonly host?: string;
}

/** The proxies that variables and the source name. */
export function proxiesOf({ env, source }: ProjectEvidence): readonly ClerkProxy[] {
  const named = env.filter(({ name }) => name.endsWith('CLERK_PROXY_URL')).map(({ value }) => value.trim());
  const given = [...named, source.proxyUrl?.trim() ?? ''].filter((url) => url !== '');
  return given.map((url) => {
    const host = url.startsWith('/') ? undefined : hostOf(url);
    return host === undefined ? {} : { host };
  });
}
