import type { AuthEvent } from 'clerk-convex-resilience';
import { ConvexReactClient } from 'convex/react';
import { createLabClerk, type LabClerk } from './createLabClerk.ts';
import { createLabSockets } from './createLabSocket.ts';

/** What a designer may do to the network. */
export const breakages = ['online', 'offline', 'http_500', 'busy_429', 'hang'] as const;
export type Breakage = (typeof breakages)[number];

export interface LogLine {
  readonly id: number;
  readonly text: string;
}

export interface Lab {
  readonly clerk: LabClerk;
  /** Convex's own client, on a socket that is made in the page. */
  readonly client: ConvexReactClient;
  /** For the provider: what happened, as the app would hear it. */
  readonly onEvent: (event: AuthEvent) => void;
  /** What happened, newest first. */
  readonly log: readonly LogLine[];
  readonly breakage: Breakage;
  break(how: Breakage): void;
  subscribe(listener: () => void): () => void;
  /** Puts the network of the page in the place of the real one, for these two hosts. Returns its own undo. */
  start(): () => void;
}

const clerkOrigin = 'https://clerk.lab.example';
const convexOrigin = 'https://convex.lab.example';
/** Convex refreshes a token well before its end. */
const tokenLifeSeconds = 20;

const base64url = (value: object): string =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
let minted = 0;
/** Nobody verifies it: the Convex of the page takes every token. Two of one second are two, as Clerk's are: the same once more is a fault. */
function mintToken(): string {
  const iat = Math.floor(Date.now() / 1_000);
  const exp = iat + tokenLifeSeconds;
  const claims = { iss: clerkOrigin, aud: 'convex', sub: 'user_lab', iat, exp, jti: `${++minted}` };
  return `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}.${base64url({ of: 'the lab' })}`;
}

/**
 * The provider, the guard of Clerk's requests, the token machine and Convex's client are the real ones; Clerk, Convex and
 * the network between are made in the page: no server.
 */
export function createLab(): Lab {
  let breakage: Breakage = 'online';
  let log: readonly LogLine[] = [];
  let lines = 0;
  const listeners = new Set<() => void>();
  const say = (line: string): void => {
    const time = new Date().toLocaleTimeString('en', { hour12: false });
    log = [{ id: ++lines, text: `${time} ${line}` }, ...log].slice(0, 12);
    for (const listener of [...listeners]) listener();
  };
  const hung = new Set<() => void>();
  const sockets = createLabSockets(() => breakage === 'offline');

  async function answer(url: string, signal: AbortSignal | null | undefined): Promise<Response> {
    if (breakage === 'offline') throw new TypeError('Failed to fetch');
    // What is wrong is Clerk, and only its tokens: an app is open all the while.
    if (url.startsWith(convexOrigin)) return Response.json({ status: 'error', errorMessage: 'no such function' });
    if (breakage === 'hang') {
      await new Promise<void>((resolve, reject) => {
        hung.add(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    }
    if (breakage === 'http_500') return new Response('', { status: 500 });
    if (breakage === 'busy_429') return new Response('', { status: 429, headers: { 'retry-after': '20' } });
    return Response.json(url.includes('/tokens') ? { object: 'token', jwt: mintToken() } : { response: null });
  }

  return {
    clerk: createLabClerk(clerkOrigin),
    client: new ConvexReactClient(convexOrigin, {
      webSocketConstructor: sockets.WebSocket,
      unsavedChangesWarning: false,
      logger: false,
    }),
    get log() {
      return log;
    },
    get breakage() {
      return breakage;
    },
    onEvent(event) {
      if (event.type === 'request_failed') {
        const { kind, status } = event.failure;
        say(`failed (${status ?? kind}), again in ${(event.retryInMs / 1_000).toFixed(1)} s`);
      }
      if (event.type === 'request_hedged') say(`no answer yet: asked once more beside it (${event.open} open)`);
      if (event.type === 'request_recovered') say(`recovered after ${event.attempts} attempts`);
      if (event.type === 'health_changed') say(`health: ${event.from} → ${event.to}`);
    },
    break(how) {
      const wasOffline = breakage === 'offline';
      breakage = how;
      say(`the network is now: ${how}`);
      for (const go of hung) go();
      hung.clear();
      if (how === 'offline') sockets.cut();
      else if (how !== 'online') sockets.expire(); // a token is wanted now, and not in some seconds
      if (wasOffline !== (how === 'offline')) dispatchEvent(new Event(wasOffline ? 'online' : 'offline'));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      const real = globalThis.fetch;
      const ours: typeof fetch = (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        if (!url.startsWith(clerkOrigin) && !url.startsWith(convexOrigin)) return real(input, init);
        return answer(url, init?.signal ?? (input instanceof Request ? input.signal : undefined));
      };
      globalThis.fetch = ours;
      Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => breakage !== 'offline' });
      return () => {
        if (globalThis.fetch === ours) globalThis.fetch = real;
        Reflect.deleteProperty(navigator, 'onLine');
      };
    },
  };
}
