import type { Connectivity } from './connectivity.ts';

/** What one tab tells the others about a gate: an attempt failed, and when the next is due; or it was answered. */
export type Word = { readonly type: 'up' } | Down;

export interface Down {
  readonly type: 'down';
  /** Of the outage, and when the next attempt of a visible tab is due, in milliseconds since the epoch: tabs share a clock. */
  readonly since: number;
  readonly probeAt: number;
  /** When the attempt that failed began. */
  readonly startedAt: number;
  readonly failures: number;
}

/** What a gate needs of the other tabs of this browser. */
export interface GateTabs {
  tell(word: Word): void;
  /** The right to probe, to give back afterwards. Null: another tab is at it. */
  takeTurn(): Promise<(() => void) | null>;
}

/**
 * The other tabs of this browser. One of them at a time probes what is down, which a Web Lock sees to, and tells what came
 * of it on a BroadcastChannel. Both exist only while something is in trouble, and both may be missing. What is said names an
 * origin and a kind of request: never a token, a session or a user.
 */
export interface Tabs {
  /** From now on: hears what other tabs say, and is heard. Returns its own undo. */
  join(heard: (gate: string, word: Word) => void): () => void;
  of(gate: string): GateTabs;
}

const name = 'clerk-convex-resilience';
/** Of what is said. Whoever speaks another language is not understood, and harms nobody. */
const version = 1;

export function createTabs(connectivity: Connectivity): Tabs {
  let tell = (_: unknown): void => {};
  return {
    join(heard) {
      const channel = connectivity.openChannel(name, (data) => {
        const said = read(data);
        if (said) heard(said.gate, said);
      });
      tell = channel.post;
      return () => {
        tell = () => {};
        channel.close();
      };
    },
    of: (gate) => ({
      tell: (word) => tell({ version, gate, ...word }),
      takeTurn: () => connectivity.takeLock(`${name} ${gate}`),
    }),
  };
}

const numbers = ['since', 'probeAt', 'startedAt', 'failures'] as const;

/** Any page of this origin may post anything: null for what is no word of ours. */
function read(data: unknown): (Word & { readonly gate: string }) | null {
  const said = data as { readonly [key: string]: unknown } | null | undefined;
  if (said?.version !== version || typeof said.gate !== 'string') return null;
  const isWord = said.type === 'up' || (said.type === 'down' && numbers.every((key) => Number.isFinite(said[key])));
  return isWord ? (said as unknown as Word & { gate: string }) : null;
}
