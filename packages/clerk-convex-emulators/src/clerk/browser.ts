import type { IncomingMessage, ServerResponse } from 'node:http';
import { readRequestLine } from '../faults/requestLine.ts';
import { ClerkApiError } from './clerkApiError.ts';
import type { Browser } from './clerkContext.ts';
import type { ClerkState, Client } from './clerkState.ts';

/** Finds out which browser asks. A `__client` cookie that is not ours (another emulator's, on this host) is a fresh browser. */
export function createBrowser(request: IncomingMessage, response: ServerResponse, state: ClerkState): Browser {
  // Keys of `*.accounts.dev` identify the browser by this parameter, since its cookies do not reach another site.
  const devBrowser = readRequestLine(request).query.get('__clerk_db_jwt');
  const cookie = readCookie(request.headers.cookie, '__client');
  let client = devBrowser
    ? state.clientsOfDevBrowsers.get(devBrowser)
    : cookie
      ? state.clientOfCookie(cookie)
      : undefined;

  const setCookie = (value: string, maxAgeSeconds: number) => {
    response.appendHeader('set-cookie', `__client=${value}; Path=/; HttpOnly; Max-Age=${maxAgeSeconds}; SameSite=Lax`);
  };
  // Chromium 156 keeps no cookie of 127.0.0.1 for a page on localhost, also not with SameSite=None; Secure.
  const refuseLostCookie = () => {
    if (devBrowser || request.headers['sec-fetch-site'] !== 'cross-site') return;
    const { origin = 'another site', host = '' } = request.headers;
    const wanted = URL.canParse(origin) ? host.replace(/^.*?(?=:\d+$|$)/, new URL(origin).hostname) : host;
    throw new ClerkApiError(
      400,
      'emulator_cross_site',
      'The page and the emulator are on different sites.',
      `The page is on ${origin}, the emulator on http://${host}: the browser would lose its cookie. Use http://${wanted} as the proxyUrl, or open the page on ${host.replace(/:\d+$/, '')}.`,
    );
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
      refuseLostCookie();
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
