import type { ConvexClientLike } from './convexTypes.ts';

type Call = (...args: unknown[]) => unknown;

/** What an app asks of its client once; what it is subscribed to is asked by the client itself. */
const names = ['mutation', 'action', 'query'] as const;

/** Keeps what the app asks of its Convex client from being sent. Returns its own undo, which sends it. */
export function holdCalls(client: ConvexClientLike): () => void {
  const calls = client as { [Name in (typeof names)[number]]?: Call };
  const held: (() => void)[] = [];
  const undo = names.flatMap((name) => {
    const own = Object.getOwnPropertyDescriptor(calls, name);
    const call = calls[name];
    if (!call) return [];
    const hold: Call = (...args) =>
      new Promise((resolve, reject) =>
        held.push(() => {
          try {
            resolve(Reflect.apply(call, client, args));
          } catch (error) {
            reject(error);
          }
        }),
      );
    calls[name] = hold;
    const putBack = (): void => {
      if (calls[name] !== hold) return;
      delete calls[name];
      if (own) Object.defineProperty(calls, name, own);
    };
    return [putBack];
  });
  return () => {
    for (const each of undo) each();
    for (const send of held) send();
  };
}
