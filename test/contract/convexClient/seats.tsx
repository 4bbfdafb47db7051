import { render } from '@testing-library/react';
import type { ConvexEmulator } from 'clerk-convex-emulators';
import { ConvexClerkProvider, type RetryPolicyOptions } from 'clerk-convex-resilience';
import { ConvexReactClient, type ConvexReactClientOptions, useConvexAuth } from 'convex/react';
import { makeFunctionReference } from 'convex/server';
import { useLayoutEffect } from 'react';
import { WebSocket } from 'ws';
import type { Issuer } from '../convexFixture/createIssuer.ts';
import { createScriptedClerk, type ScriptedClerk } from '../provider/scriptedClerk.ts';

/** What a token fetcher does when it is asked. `identical`: gives the last token again. */
export type Answer = 'token' | 'identical' | 'null' | 'rejects' | 'hangs' | 'is late';

type Fetcher = (args: { forceRefreshToken: boolean }) => Promise<string | null>;

const me = makeFunctionReference<'query'>('users:me');
const store = makeFunctionReference<'mutation'>('users:store');

/**
 * One client of Convex with a user of its own, and what is seen from there. Several sit at one emulator, and what happens
 * to it happens to all of them at once.
 */
export interface Seat {
  readonly name: string;
  readonly client: ConvexReactClient;
  readonly clerk: ScriptedClerk;
  /** How the next calls for a token are answered; afterwards with a fresh one. */
  readonly script: Answer[];
  /** When a token was asked for, and whether by force. */
  readonly calls: Array<{ at: number; forced: boolean }>;
  readonly fetch: Fetcher;
  /** Answers the calls that are late. */
  answerLate(): Promise<void>;
  /** What Convex says of the user, as it changes. */
  readonly words: Array<'loading' | 'in' | 'out'>;
  /** What Convex says of its refreshing, as it changes; nothing before convex 1.40. */
  readonly refreshing: boolean[];
  /** As whom the seat's query ran: null is nobody. */
  readonly identities: Array<string | null>;
  word(): 'loading' | 'in' | 'out';
  isRefreshing(): boolean;
  /** Runs a mutation that wants to know who it is, and says what came of it. */
  mutate(withinMs?: number): Promise<'done' | 'ran as nobody' | 'hangs'>;
  leave(): Promise<void>;
}

export interface SeatOptions {
  readonly name: string;
  readonly convex: ConvexEmulator;
  readonly issuer: Issuer;
  readonly script?: readonly Answer[];
  readonly lifeSeconds?: number;
  /** @defaultValue the leeway of convex 1.48 */
  readonly client?: ConvexReactClientOptions;
  /** Of our provider. */
  readonly policy?: RetryPolicyOptions;
}

/** A seat whose fetcher stands bare before Convex's client, as `ConvexProviderWithAuth` puts it there. */
export function takeBareSeat(options: SeatOptions): Seat {
  const seat = takeSeat(options);
  armBare(seat);
  return seat;
}
export function armBare(seat: Seat, fetch = seat.fetch): void {
  seat.client.setAuth(
    fetch,
    (isAuthenticated) => seat.words.push(isAuthenticated ? 'in' : 'out'),
    (isRefreshing) => seat.refreshing.push(isRefreshing),
  );
}

/** A seat whose fetcher is Clerk's `getToken` under this library's provider. */
export function takeOurSeat({ policy, ...options }: SeatOptions): Seat {
  const seat = takeSeat(options);
  seat.clerk.set({ isLoaded: true, isSignedIn: true, sessionId: `sess_${options.name}` });
  const view = render(
    <ConvexClerkProvider client={seat.client} useAuth={seat.clerk.useAuth} {...(policy && { policy })}>
      <Watch seat={seat} />
    </ConvexClerkProvider>,
  );
  return {
    ...seat,
    async leave() {
      view.unmount();
      await seat.leave();
    },
  };
}

function Watch({ seat }: { seat: Seat }) {
  const { isLoading, isAuthenticated, isRefreshing } = useConvexAuth();
  const word = isLoading ? 'loading' : isAuthenticated ? 'in' : 'out';
  useLayoutEffect(() => void seat.words.push(word), [seat, word]);
  useLayoutEffect(() => void seat.refreshing.push(isRefreshing === true), [seat, isRefreshing]);
  return null;
}

function takeSeat({
  name,
  convex,
  issuer,
  script = [],
  lifeSeconds = 60,
  client: settings = { authRefreshTokenLeewaySeconds: 10 },
}: SeatOptions): Seat {
  const client = new ConvexReactClient(convex.url, {
    webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
    unsavedChangesWarning: false,
    logger: false,
    ...settings,
  });
  let last: string | null = null;
  const late: Array<() => Promise<void>> = [];
  const mint = async (): Promise<string> => (last = await issuer.mint({ sub: name, lifeSeconds }));
  const answer = (how: Answer): Promise<string | null> => {
    switch (how) {
      case 'token':
        return mint();
      case 'identical':
        return last === null ? mint() : Promise.resolve(last);
      case 'null':
        return Promise.resolve(null);
      case 'rejects':
        return Promise.reject(new TypeError(`Failed to fetch, says the fetcher of ${name}`));
      case 'hangs':
        return new Promise(() => {});
      case 'is late':
        return new Promise((resolve) => late.push(async () => resolve(await mint())));
      default:
        how satisfies never;
        return Promise.resolve(null);
    }
  };
  const seat: Seat = {
    name,
    client,
    script: [...script],
    calls: [],
    words: [],
    refreshing: [],
    identities: [],
    fetch: ({ forceRefreshToken }) => {
      seat.calls.push({ at: Date.now(), forced: forceRefreshToken });
      return answer(seat.script.shift() ?? 'token');
    },
    clerk: createScriptedClerk((_auth, { skipCache }) => seat.fetch({ forceRefreshToken: skipCache === true })),
    answerLate: async () => {
      for (const give of late.splice(0)) await give();
    },
    word: () => seat.words.at(-1) ?? 'loading',
    isRefreshing: () => seat.refreshing.at(-1) ?? false,
    mutate: (withinMs = 4000) =>
      Promise.race([
        client.mutation(store, {}).then(
          () => 'done' as const,
          () => 'ran as nobody' as const, // the only error that it throws
        ),
        new Promise<'hangs'>((resolve) => setTimeout(resolve, withinMs, 'hangs')),
      ]),
    async leave() {
      unwatch();
      await client.close();
    },
  };
  const watch = client.watchQuery(me, {});
  const unwatch = watch.onUpdate(() => seat.identities.push(watch.localQueryResult() as string | null));
  return seat;
}
