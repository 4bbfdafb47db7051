import type { ConvexReactClient } from 'convex/react';

type WatchQuery = ConvexReactClient['watchQuery'];
type Client = Pick<ConvexReactClient, 'watchQuery' | 'close'>;

/**
 * The client, with queries that an anonymous client answers for as long as the client itself is held and has no answer. The
 * same object before and after, so that nothing is subscribed anew, and the last public answer stays until the user's own is
 * there. The anonymous client is made when it is first needed, and closed with its last subscription.
 */
export function withPublicReads<C extends Client>(client: C, isHeld: () => boolean, open: () => Client): C {
  let anonymous: { readonly client: Client; uses: number } | null = null;

  function hold(): { readonly client: Client; release(): void } {
    const used = anonymous ?? { client: open(), uses: 0 };
    anonymous = used;
    used.uses++;
    return {
      client: used.client,
      release() {
        used.uses--;
        // Not at once: StrictMode, and a query with other arguments, subscribe again in the same turn.
        void Promise.resolve().then(() => {
          if (used.uses > 0 || anonymous !== used) return;
          anonymous = null;
          void used.client.close();
        });
      },
    };
  }

  const watchQuery = ((query: never, ...rest: never[]) => {
    const own = client.watchQuery(query, ...rest);
    return {
      ...own,
      onUpdate(callback: () => void) {
        let end = (): void => {};
        const unsubscribe = own.onUpdate(() => {
          if (!isWaiting(own)) end();
          callback();
        });
        if (isHeld() && isWaiting(own)) {
          const used = hold();
          const unwatch = used.client.watchQuery(query, ...rest).onUpdate(callback);
          end = () => {
            end = () => {};
            unwatch();
            used.release();
          };
        }
        return () => {
          end();
          unsubscribe();
        };
      },
      localQueryResult() {
        const answer = own.localQueryResult();
        if (answer !== undefined || !anonymous) return answer;
        try {
          return anonymous.client.watchQuery(query, ...rest).localQueryResult();
        } catch {
          return undefined; // it wants to know who asks: still loading
        }
      },
    };
  }) as unknown as WatchQuery;

  return new Proxy(client, {
    get: (target, key) => (key === 'watchQuery' ? watchQuery : Reflect.get(target, key)),
  });
}

/** Has this query no answer yet, not even an error? */
function isWaiting(watch: { localQueryResult(): unknown }): boolean {
  try {
    return watch.localQueryResult() === undefined;
  } catch {
    return false;
  }
}
