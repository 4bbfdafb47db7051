import type { ConvexClientLike } from './convexTypes.ts';

type Call = (...args: unknown[]) => unknown;

/** What an app asks of its client once; what it is subscribed to is asked by the client itself. */
const names = ['mutation', 'action', 'query'] as const;

/** What stands in for a client's own: of two providers of one client the second finds that of the first. */
const holds = new WeakSet<Call>();

/** Keeps what the app asks of its Convex client from being sent. Returns its own undo, which sends it. */
export function holdCalls(client: ConvexClientLike): () => void {
  const calls = client as { [Name in (typeof names)[number]]?: Call };
  let letGo = (): void => {};
  const over = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const undo = names.map((name) => {
    const isOwn = Object.hasOwn(calls, name);
    const call = calls[name];
    if (call && holds.has(call)) return () => {};
    const hold: Call = (...args) => over.then(() => call?.apply(client, args));
    holds.add(hold);
    calls[name] = hold;
    return () => {
      if (calls[name] !== hold) return;
      delete calls[name];
      if (isOwn && call) calls[name] = call;
    };
  });
  return () => {
    for (const each of undo) each();
    letGo();
  };
}
