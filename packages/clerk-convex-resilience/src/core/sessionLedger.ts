import type { ClerkClientSnapshot } from './clerkAnswers.ts';

/**
 * What is known about this browser's sessions. Moments are counted, not timed: what matters is which request was sent
 * after which event.
 */
export interface SessionLedger {
  /** Marks a request as sent now. */
  send(): number;
  readonly client: ClerkClientSnapshot | null;
  /** An answer of GET /client to a request sent at `sent`. */
  clientSeen(client: ClerkClientSnapshot, sent: number): void;
  /** clerk-js was told that this session may be over, and will ask GET /client. */
  doubt(sessionId: string): void;
  /** Is there a live session that the failure of a GET /client would end? */
  hasDoubt(): boolean;
  /** The moment of the newest doubt: a request that was sent before it does not resolve it. 0: there is none. */
  lastDoubt(): number;
  /** Is somebody signed in here beside whoever signs out? That sign-out says nothing of them. */
  hasOthers(): boolean;
  /** A token of this session was minted for a request sent at `sent`: it lives. */
  minted(sessionId: string, sent: number): void;
  /** A sign-out was announced: whatever clerk-js finds out now is meant. */
  forgetDoubts(): void;
  end(sessionId: string): void;
  isEnded(sessionId: string): boolean;
  /** A sign-out was confirmed; undefined: of every session known here. */
  revoke(sessionId: string | undefined): void;
  isRevoked(sessionId: string): boolean;
  /** A session was mentioned. */
  know(sessionId: string): void;
}

export function createSessionLedger(onChange: () => void): SessionLedger {
  let moment = 0;
  let client: ClerkClientSnapshot | null = null;
  let clientSent = 0;
  const known = new Set<string>();
  /** What GET /client listed last, and was mentioned since. */
  let live = new Set<string>();
  const doubts = new Map<string, number>();
  const ended = new Map<string, number>();
  const revoked = new Set<string>();
  let allRevoked = false;

  return {
    send: () => ++moment,
    get client() {
      return client;
    },
    clientSeen(next, sent) {
      if (sent < clientSent) return; // overtaken by a newer one
      clientSent = sent;
      client = next;
      live = new Set(next.sessionIds);
      for (const sessionId of live) known.add(sessionId);
      for (const [sessionId, since] of doubts) if (since < sent) doubts.delete(sessionId);
      for (const [sessionId, since] of ended) {
        if (since < sent && !next.sessionIds.includes(sessionId)) revoked.add(sessionId);
      }
      onChange();
    },
    doubt(sessionId) {
      if (!ended.has(sessionId)) doubts.set(sessionId, ++moment);
    },
    hasDoubt: () => doubts.size > 0,
    lastDoubt: () => Math.max(0, ...doubts.values()),
    hasOthers: () => live.size > 1 && [...live].some((id) => !ended.has(id)),
    minted(sessionId, sent) {
      if ((doubts.get(sessionId) ?? Infinity) < sent) doubts.delete(sessionId);
    },
    forgetDoubts: () => doubts.clear(),
    end(sessionId) {
      known.add(sessionId);
      doubts.delete(sessionId);
      if (!ended.has(sessionId)) ended.set(sessionId, ++moment);
    },
    isEnded: (sessionId) => ended.has(sessionId),
    revoke(sessionId) {
      if (sessionId === undefined) allRevoked = true;
      for (const id of sessionId === undefined ? known : [sessionId]) {
        revoked.add(id);
        live.delete(id);
        doubts.delete(id);
      }
      onChange();
    },
    // One that was never mentioned is from before this page was loaded.
    isRevoked: (sessionId) => revoked.has(sessionId) || (allRevoked && !known.has(sessionId)),
    know: (sessionId) => {
      known.add(sessionId);
      if (!revoked.has(sessionId)) live.add(sessionId);
    },
  };
}
