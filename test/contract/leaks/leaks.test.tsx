import '../provider/dom.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AuthEvent } from 'clerk-convex-resilience';
import { type ConvexReactClient, useConvexAuth, useQuery } from 'convex/react';
import { makeFunctionReference } from 'convex/server';
import { type ComponentType, type ReactNode, StrictMode, useLayoutEffect } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { emulatorForTests } from '../convexFixture/emulatorForTests.ts';
import { createScriptedClerk, type ScriptedClerk } from '../provider/scriptedClerk.ts';
import { type Held, installInstruments } from './instruments.ts';

// Mounts and unmounts of the provider on the real Convex client, at every moment of its life: nothing stays behind.

/** A request as clerk-js sends it, which the guard tries again and again. */
const frontendApi = 'https://clerk.app.test/v1/client';
const askForToken = (): void =>
  void fetch(`${frontendApi}/sessions/sess_1/tokens?_clerk_js_version=5.128.0`, { method: 'POST' }).catch(() => {});
/** How the Frontend API answers next; it cannot be reached. */
let nextAnswers: Array<() => Promise<Response>> = [];
const networkFetch = globalThis.fetch;
globalThis.fetch = (input, init) =>
  String(input).startsWith(frontendApi)
    ? (nextAnswers.shift()?.() ?? Promise.reject(new TypeError('Failed to fetch')))
    : networkFetch(input, init);

const { held } = installInstruments();
type Library = typeof import('clerk-convex-resilience');
type Convex = typeof import('convex/react');

const list = makeFunctionReference<'query'>('messages:list');
const suite = emulatorForTests();
let library: Library;
let convex: Convex;
let boundProvider: typeof import('../../../packages/clerk-convex-resilience/src/react/BoundProvider.tsx').BoundProvider;
let client: ConvexReactClient;
let clerk: ScriptedClerk;
let root: Root;
/** What the user sees, at each change. */
let words: string[];
let before: Held;
/** Listeners of connection states. */
let connectionListeners: Set<unknown>;
let rejections: unknown[];
/** The most channels that were open at one moment. */
let channelsSeen: number;
/** How often Convex's client was stuck. */
let rearms: number;
const onRejection = (reason: unknown): void => void rejections.push(reason);
const signOutOfClerk = async (): Promise<void> => {};

beforeAll(async () => {
  Object.assign(globalThis, { WebSocket });
  convex = await import('convex/react');
  library = await import('clerk-convex-resilience');
  ({ BoundProvider: boundProvider } = await import(
    '../../../packages/clerk-convex-resilience/src/react/BoundProvider.tsx'
  ));
});
beforeEach(() => {
  rejections = [];
  rearms = 0;
  channelsSeen = 0;
  nextAnswers = [];
  connectionListeners = new Set();
  words = [];
  process.on('unhandledRejection', onRejection);
  // biome-ignore lint/suspicious/noDocumentCookie: the way a page keeps it
  document.cookie = '__client_uat=1';
  Object.assign(window, { Clerk: { loaded: true, signOut: signOutOfClerk, client: { sessions: [] } } });
  clerk = createScriptedClerk(({ sessionId }) => suite.issuer.mint({ sub: `${sessionId}` }));
  client = makeClient();
  root = createRoot(document.body.appendChild(document.createElement('div')));
  flushSync(() => root.render(<p />)); // React puts its own listeners on the page once
  document.querySelector('p'); // and so does jsdom, for the selectors that speak of focus and pointer
  before = held();
});
afterEach(async () => {
  flushSync(() => root.render(<p />));
  await sleep(100);
  // While the app’s client lives: what is Convex’s own stays, what is the library’s is gone.
  expect({ ...held(), timers: 0, listeners: ofLibrary(held()) }).toEqual({ ...before, timers: 0, listeners: [] });
  expect(connectionListeners.size).toBe(0);
  expect((window as unknown as { Clerk: { signOut: unknown } }).Clerk.signOut).toBe(signOutOfClerk);
  await client.close();
  root.unmount();
  await until(() => suite.emulator.openSockets === 0);
  expect({ ...held(), listeners: ofLibrary(held()) }).toEqual({ ...before, listeners: [] });
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
  expect(rearms).toBe(0);
});

/** Convex's client listens to `online`, and to `beforeunload` even after it was closed (1.48, client.ts); the rest would be the library's. */
const ofLibrary = ({ listeners }: Held): string[] => {
  const rest = listeners.filter((listener) => listener !== 'window beforeunload');
  for (const listener of [...before.listeners, 'window online']) {
    const at = rest.indexOf(listener);
    if (at >= 0) rest.splice(at, 1);
  }
  return rest;
};

function makeClient(): ConvexReactClient {
  const made = new convex.ConvexReactClient(suite.emulator.url, { unsavedChangesWarning: false, logger: false });
  const subscribe = made.subscribeToConnectionState.bind(made);
  made.subscribeToConnectionState = (listener) => {
    const undo = subscribe(listener);
    connectionListeners.add(undo);
    return () => {
      connectionListeners.delete(undo);
      undo();
    };
  };
  return made;
}

function Screen() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const word = isLoading ? 'loading' : isAuthenticated ? 'in' : 'out';
  useLayoutEffect(() => void words.push(word), [word]);
  useQuery(list);
  return null;
}
const count = ({ type }: AuthEvent): void => {
  if (type === 'convex_rearmed') rearms++;
};
/** `withPublicReads` opens a second socket each time, and sockets take their time. */
const app = ({ onEvent = count, withPublicReads = false, from = library }: AppOptions = {}): ReactNode => (
  <from.ConvexClerkProvider client={client} useAuth={clerk.useAuth} onEvent={onEvent}>
    {withPublicReads ? (
      <from.PublicReads>
        <Screen />
      </from.PublicReads>
    ) : (
      <Screen />
    )}
  </from.ConvexClerkProvider>
);
interface AppOptions {
  readonly onEvent?: (event: AuthEvent) => void;
  readonly withPublicReads?: boolean;
  readonly from?: Library;
}
const show = (what: ReactNode): void => flushSync(() => root.render(what));
const hide = (): void => show(<p />);
const say = (next: Parameters<ScriptedClerk['set']>[0]): void => flushSync(() => clerk.set(next));
const signIn = (sessionId = 'sess_1'): void => say({ isLoaded: true, isSignedIn: true, sessionId });
const signOut = (): void => say({ isLoaded: true, isSignedIn: false, sessionId: null });
const startLoading = (): void => say({ isLoaded: false, isSignedIn: undefined, sessionId: undefined });
const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(condition(), `${condition}`).toBe(true), { timeout: 10_000, interval: 5 });
const isIn = (): boolean => words.at(-1) === 'in';

/** Mounts, lives for a while and is unmounted: at another moment each time. */
const lives: ReadonlyArray<(it: ReactNode) => unknown> = [
  // before Clerk has loaded
  (it) => {
    startLoading();
    show(it);
  },
  // while a token is on its way
  (it) => {
    startLoading();
    show(it);
    signIn();
  },
  // a moment later, wherever that is
  async (it) => {
    signIn();
    show(it);
    await sleep(1);
  },
  // while a failed token is waited for
  async (it) => {
    clerk.script.push(() => Promise.reject(new TypeError('Failed to fetch')));
    signIn();
    show(it);
    await Promise.resolve();
  },
  // while the guard waits to try a request of clerk-js again
  async (it) => {
    signIn();
    show(it);
    askForToken();
    await sleep(0);
    channelsSeen = Math.max(channelsSeen, held().channels - before.channels);
  },
  // while Clerk says that it is somebody else
  (it) => {
    signIn();
    show(it);
    signIn('sess_2');
  },
  // signed out
  (it) => {
    signIn();
    show(it);
    signOut();
  },
];

it('leaves nothing after 1,000 mounts and unmounts, not even on the heap', async () => {
  // Held by the provider and by nothing else.
  const listeners: WeakRef<object>[] = [];
  for (let times = 0; times < 1000; times++) {
    const listener = (event: AuthEvent): void => count(event);
    listeners.push(new WeakRef(listener));
    await lives[times % lives.length]?.(app({ onEvent: listener, withPublicReads: times % 20 < 3 }));
    hide();
    clerk.script.length = 0;
    if (times % 50 === 49) await sleep(5); // let the answers come in
  }
  await collectGarbage();
  // React keeps what it rendered last.
  expect(listeners.filter((listener) => listener.deref()).length).toBeLessThan(5);
  expect(channelsSeen).toBeGreaterThan(0);
  signIn();
  show(app());
  await until(isIn);
});

it('leaves nothing after a hundred in StrictMode', async () => {
  for (let times = 0; times < 100; times++) {
    await lives[times % lives.length]?.(<StrictMode>{app({ withPublicReads: times % 5 === 0 })}</StrictMode>);
    hide();
    clerk.script.length = 0;
  }
  signIn();
  show(<StrictMode>{app()}</StrictMode>);
  await until(isIn);
});

it('leaves nothing of an earlier copy when it is hot-reloaded', async () => {
  signIn();
  show(app());
  await until(isIn);
  for (let times = 0; times < 5; times++) {
    vi.resetModules();
    // React and Convex stay as they are; the library is another one, with other components.
    vi.doMock('react', () => import('react'));
    const reloaded = (await import('clerk-convex-resilience')) as Library;
    expect(reloaded.ConvexClerkProvider).not.toBe(library.ConvexClerkProvider);
    show(app({ from: reloaded, withPublicReads: true }));
    await until(isIn);
  }
});

it('leaves nothing when the provider is swapped for the plain one and back, and when it gets another client', async () => {
  const { ConvexProviderWithClerk } = await import('convex/react-clerk');
  signIn();
  for (let times = 0; times < 20; times++) {
    show(app());
    await until(isIn);
    show(
      <ConvexProviderWithClerk client={client} useAuth={clerk.useAuth}>
        <Screen />
      </ConvexProviderWithClerk>,
    );
    await until(isIn);
  }
  show(app());
  for (let times = 0; times < 20; times++) {
    const last = client;
    client = makeClient();
    show(app());
    await until(isIn);
    await last.close();
  }
});

it('leaves nothing when it is unmounted in the middle of a re-authentication', async () => {
  for (let times = 0; times < 10; times++) {
    signIn();
    show(app());
    await until(isIn);
    await sleep(50); // the second token has been confirmed: before that Convex ignores an AuthError
    let answer: (token: string) => void = () => {};
    clerk.script.push(() => new Promise((resolve) => (answer = resolve)));
    suite.emulator.faults.add({ action: 'auth_error' });
    await sleep(times * 3);
    hide();
    clerk.script.length = 0; // where Convex had not asked yet
    answer(await suite.issuer.mint({ sub: 'sess_1' }));
  }
});

it('leaves nothing when it is unmounted while it probes what is down, with a lock and a channel', async () => {
  for (let times = 0; times < 3; times++) {
    signIn();
    show(app());
    await until(isIn);
    nextAnswers = [() => Promise.reject(new TypeError('Failed to fetch')), () => new Promise(() => {})];
    askForToken();
    await until(() => held().locks > before.locks && held().channels > before.channels);
    hide();
    words.length = 0;
    await sleep(20);
    expect([held().locks, held().channels]).toEqual([before.locks, before.channels]);
  }
});

it('leaves nothing when it is unmounted while a sign-out waits to be confirmed', async () => {
  const { Clerk: page } = window as unknown as { Clerk: { signOut: () => Promise<void> } };
  const unreachable = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'));
  Object.assign(page, { signOut: unreachable, client: { sessions: [{ id: 'sess_1' }], reload: unreachable } });
  signIn();
  show(app());
  await until(isIn);
  await page.signOut().catch(() => {});
  signOut();
  await until(() => held().timers > before.timers);
  hide();
  await sleep(20);
  expect(page.signOut).toBe(unreachable);
  page.signOut = signOutOfClerk;
  window.localStorage.clear();
});

it('closes the clients that the all-in-one provider made', async () => {
  const binding = {
    ClerkProvider: (({ children }) => children) as ComponentType<{ children?: ReactNode }>,
    useAuth: clerk.useAuth,
    useClerk: () => (window as unknown as { Clerk: object }).Clerk,
  };
  const BoundProvider = boundProvider;
  for (let times = 0; times < 30; times++) {
    signIn();
    show(
      <StrictMode>
        <BoundProvider
          binding={binding}
          props={{
            publishableKey: 'pk_test_Y2xlcmsuZXhhbXBsZS5jb20k',
            convexUrl: suite.emulator.url,
            children: <Screen />,
          }}
        />
      </StrictMode>,
    );
    // What stands in front of Clerk comes a commit before the clients.
    await until(times % 3 === 0 ? isIn : () => words.length > 0);
    hide();
    words.length = 0;
  }
  await until(() => suite.emulator.openSockets === 0);
});

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let times = 0; times < 3; times++) {
    await sleep(20);
    collect();
  }
}
