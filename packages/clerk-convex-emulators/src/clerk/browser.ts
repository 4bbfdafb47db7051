import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser } from './clerkContext.ts';
import type { ClerkState, Client } from './clerkState.ts';

/** Finds out which browser asks. A `__client` cookie that is not ours (another emulator's, on this host) is a fresh browser. */
export function createBrowser(request: IncomingMessage, response: ServerResponse, state: ClerkState): Browser {
  // Keys of `*.accounts.dev` identify the browser by this parameter, since its cookies do not reach another site.
  const devBrowser = new URL(request.url ?? '/', 'http://localhost').searchParams.get('__clerk_db_jwt');
  const cookie = readCookie(request.headers.cookie, '__client');
  let client = devBrowser
    ? state.clientsOfDevBrowsers.get(devBrowser)
    : cookie
      ? state.clientOfCookie(cookie)
      : undefined;

  const setCookie = (value: string, maxAgeSeconds: number) => {
    // Chromium takes Secure cookies from a loopback address; elsewhere a Lax cookie is sent from any port of the host.
    const crossSite = request.headers['sec-fetch-site'] === 'cross-site';
    const sameSite = crossSite ? 'SameSite=None; Secure' : 'SameSite=Lax';
    response.appendHeader('set-cookie', `__client=${value}; Path=/; HttpOnly; Max-Age=${maxAgeSeconds}; ${sameSite}`);
  };
  const assign = (next: Client | undefined) => {
    client = next;
    if (devBrowser) state.clientsOfDevBrowsers.set(devBrowser, next);
  };

  return {
    origin: request.headers.origin,
    client: () => client,
    ensureClient() {
      if (client) return client;
      const created = state.createClient();
      assign(created);
      setCookie(created.cookie, 365 * 24 * 3600);
      return created;
    },
    forget() {
      if (client) state.forgetClient(client);
      assign(undefined);
      setCookie('', 0);
    },
  };
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, ...value] = part.split('=');
    if (key?.trim() === name) return value.join('=').trim();
  }
  return undefined;
}
