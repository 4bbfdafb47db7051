import type { FetchTarget } from '../../core/clerkFetchGuard.ts';
import { looksLikeClerk, readClerkRequest } from '../../core/clerkRequests.ts';
import { type FetchInput, urlOf } from '../../core/fetchCall.ts';
import type { ConvexClientLike } from '../convexTypes.ts';
import { convexSocketsOf } from './convexSocketsOf.ts';
import type { DevtoolsPage } from './devtoolsPage.ts';

/** What can be broken in this tab, one at a time. */
export const faultKinds = ['offline', 'http_500', 'hang'] as const;
export type FaultKind = (typeof faultKinds)[number];

/**
 * Breaks the network of this tab, beneath the guard, so that the guard meets it as it would meet a real one.
 *
 * - `offline`: requests to Clerk's Frontend API and to the Convex deployment fail as without a network; `navigator.onLine` is
 *   false, with the events that go with it; Convex's socket is closed and cannot be opened. Other requests of the app pass, and
 *   so do scripts and images; a Convex client with a `webSocketConstructor` of its own opens its socket again.
 * - `http_500`: the Frontend API answers 500, in Clerk's shape. Convex is left alone.
 * - `hang`: the Frontend API does not answer before the fault ends; then the request is sent. Convex is left alone.
 *
 * Requests that are under way when a fault begins are not touched.
 */
export interface Faults {
  current(): FaultKind | null;
  /** Ends what is broken, and breaks this. Null: nothing. */
  set(kind: FaultKind | null): void;
  subscribe(listener: () => void): () => void;
}

export interface FaultsOptions {
  /** Whose `fetch` is broken: what lies beneath the guard, or the page's where there is no guard. */
  readonly wire: () => FetchTarget;
  readonly client: ConvexClientLike | undefined;
  readonly page: Pick<DevtoolsPage, 'pretendOffline' | 'blockSockets'>;
  /** What relative URLs are relative to. */
  readonly baseUrl: string | undefined;
}

export function createFaults({ wire, client, page, baseUrl }: FaultsOptions): Faults {
  let current: { readonly kind: FaultKind; readonly end: () => void } | null = null;
  const listeners = new Set<() => void>();
  const convexHost = parse(client?.url, baseUrl)?.host;
  const isConvex = (url: string): boolean => convexHost !== undefined && parse(url, baseUrl)?.host === convexHost;
  const isClerk = (url: string): boolean => looksLikeClerk(url) && readClerkRequest(url, 'GET', baseUrl) !== null;

  function breakFetch(kind: FaultKind): () => void {
    const target = wire();
    const before = target.fetch;
    const over = new AbortController();
    function fetch(this: unknown, ...args: [input: FetchInput, init?: RequestInit]): Promise<Response> {
      const pass = (): Promise<Response> => Reflect.apply(before, this, args);
      const url = urlOf(args[0]);
      if (over.signal.aborted) return pass();
      if (kind === 'offline') return isClerk(url) || isConvex(url) ? Promise.reject(unreachable()) : pass();
      if (!isClerk(url)) return pass();
      return kind === 'http_500' ? Promise.resolve(serverError()) : hang(signalOf(args), over.signal, pass);
    }
    target.fetch = fetch;
    return () => {
      // Somebody may have wrapped it meanwhile: then it stays, and passes everything.
      if (target.fetch === fetch) target.fetch = before;
      over.abort();
    };
  }

  return {
    current: () => current?.kind ?? null,
    set(kind) {
      if (kind === (current?.kind ?? null)) return;
      const ended = current;
      current = null;
      ended?.end();
      if (kind) {
        const undo = [breakFetch(kind)];
        if (kind === 'offline') {
          if (convexHost !== undefined) undo.push(page.blockSockets(convexHost, convexSocketsOf(client)));
          // Last to be undone: who hears `online` tries at once, and is to find a network.
          undo.push(page.pretendOffline());
        }
        current = {
          kind,
          end: () => {
            for (const each of undo) each();
          },
        };
      }
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const unreachable = (): TypeError => new TypeError('Failed to fetch (simulated by the devtools)');

function serverError(): Response {
  const message = 'Simulated by the devtools.';
  const body = { errors: [{ code: 'internal_clerk_error', message, long_message: message }] };
  return new Response(JSON.stringify(body), { status: 500, headers: { 'content-type': 'application/json' } });
}

const signalOf = ([input, init]: [input: FetchInput, init?: RequestInit]): AbortSignal | undefined =>
  init?.signal ?? (typeof input === 'object' && 'signal' in input ? input.signal : undefined);

/** Until the fault is over, or the caller gives up. */
function hang(signal: AbortSignal | undefined, over: AbortSignal, pass: () => Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      over.removeEventListener('abort', goOn);
      reject(signal?.reason);
    };
    const goOn = (): void => {
      signal?.removeEventListener('abort', giveUp);
      resolve(pass());
    };
    if (signal?.aborted) return giveUp();
    signal?.addEventListener('abort', giveUp);
    over.addEventListener('abort', goOn);
  });
}

function parse(url: string | undefined, base: string | undefined): URL | undefined {
  try {
    return url === undefined ? undefined : new URL(url, base);
  } catch {
    return undefined;
  }
}
